using FolioRuntime.PageCaching.Stores;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching.Stores;

/// <summary>What files have of their own: paths, rights, file systems.</summary>
[TestFixture]
public sealed class FileStoreTests : StoreFixture
{
    private string File => Path.Combine(Folder, "pages");

    [Test]
    public void A_file_that_may_only_be_read_is_not_written()
    {
        System.IO.File.WriteAllBytes(File, [1, 2, 3]);
        using var store = new FilePageStore(File, FileMode.Open, FileAccess.Read);
        var read = new byte[10];
        Assert.That((store.Path, store.Read(read, 1)), Is.EqualTo((File, 2)));
        Assert.That(() => store.Write([9], 0), Throws.InstanceOf<UnauthorizedAccessException>().Or.InstanceOf<IOException>());
        Assert.That(System.IO.File.ReadAllBytes(File), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_file_that_is_not_there_is_an_error() =>
        Assert.That(() => new FilePageStore(Path.Combine(Folder, "none", "pages")), Throws.InstanceOf<IOException>());

    [Test]
    public void Without_alignment_any_byte_is_written_and_read()
    {
        using var store = new FilePageStore(File);
        store.Write([1, 2, 3], 5);
        var read = new byte[10];
        Assert.That(store.Read(read, 4), Is.EqualTo(4));
        Assert.That(read[..4], Is.EqualTo(new byte[] { 0, 1, 2, 3 }));
    }

    [Test]
    public void A_file_system_without_direct_access_is_named()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.That(() => new DirectFilePageStore(File), Throws.TypeOf<PlatformNotSupportedException>());
            return;
        }

        // Files of the process file system have none, wherever the rest is.
        Assert.That(() => new DirectFilePageStore("/proc/self/status", FileMode.Open, FileAccess.Read), Throws.TypeOf<IOException>().With.Message.Contains("/proc/self/status"));
    }
}
