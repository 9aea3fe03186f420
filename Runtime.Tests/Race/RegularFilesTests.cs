using System.Net.Sockets;
using System.Runtime.InteropServices;
using FolioRuntime.Race.Files;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>Which files are read.</summary>
internal sealed class RegularFilesTests
{
    [Test]
    public void Links_are_not_followed()
    {
        using var some = new SomeFiles();
        Directory.CreateSymbolicLink(Path.Combine(some.Directory, "loop"), some.Directory);
        File.CreateSymbolicLink(Path.Combine(some.Directory, "link"), some.PathOf(4096));
        File.CreateSymbolicLink(Path.Combine(some.Directory, "broken"), "nowhere");
        var (files, unlisted) = RegularFiles.Under(some.Directory, CancellationToken.None);
        Assert.That(files.Select(file => file.LengthBytes), Is.EquivalentTo(SomeFiles.SizesBytes));
        Assert.That(unlisted, Is.Zero);
    }

    [Test]
    public void What_is_empty_is_never_opened()
    {
        using var some = new SomeFiles();
        var path = Path.Combine(some.Directory, "socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        var (files, _) = RegularFiles.Under(some.Directory, CancellationToken.None);
        var index = files.ToList().FindIndex(file => file.Path == path);
        Assert.That(index, Is.Not.Negative);
        Assert.That(Segment.Of(files).Any(segment => segment.File == index), Is.False);
    }

    [Test]
    public void A_directory_that_is_gone_is_counted()
    {
        using var some = new SomeFiles();
        var (files, unlisted) = RegularFiles.Under(Path.Combine(some.Directory, "gone"), CancellationToken.None);
        Assert.That(files, Is.Empty);
        Assert.That(unlisted, Is.EqualTo(1));
    }

    [Test]
    public void Segments_tile_every_file()
    {
        using var some = new SomeFiles();
        var (files, _) = RegularFiles.Under(some.Directory, CancellationToken.None);
        foreach (var group in Segment.Of(files).GroupBy(segment => segment.File))
        {
            long end = 0;
            foreach (var segment in group)
            {
                Assert.That(segment.OffsetBytes, Is.EqualTo(end));
                Assert.That(segment.LengthBytes, Is.InRange(1, Segment.LargestBytes));
                end += segment.LengthBytes;
            }

            Assert.That(end, Is.EqualTo(files[group.Key].LengthBytes));
        }
    }

    [Test]
    public void The_default_is_the_installation_that_runs_this() =>
        Assert.That(RuntimeEnvironment.GetRuntimeDirectory(), Does.StartWith(DotnetInstallation.Directory));
}
