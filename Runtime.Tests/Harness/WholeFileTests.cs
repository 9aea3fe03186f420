using FolioRuntime.Harness;
using NUnit.Framework;

namespace FolioRuntime.Tests.Harness;

/// <summary>Files that appear whole or not at all.</summary>
internal sealed class WholeFileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("folio-whole-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_file_is_written_with_its_folders_and_over_what_was_there()
    {
        var path = Path.Combine(_folder, "new", "a.txt");
        WholeFile.Write(path, stream => stream.Write("long before"u8));
        WholeFile.Write(path, stream => stream.Write("after"u8));
        Assert.That(File.ReadAllText(path), Is.EqualTo("after"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Is.EqualTo((string[])[path]));
    }

    [Test]
    public void A_writer_that_fails_leaves_what_was_there_and_nothing_else()
    {
        var path = Path.Combine(_folder, "a.txt");
        WholeFile.Write(path, stream => stream.Write("before"u8));
        Assert.That(
            () => WholeFile.Write(path, stream =>
            {
                stream.Write("aft"u8);
                throw new InvalidDataException("planted");
            }),
            Throws.InstanceOf<InvalidDataException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("before"));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo((string[])[path]));
    }
}
