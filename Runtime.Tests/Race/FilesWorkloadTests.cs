using FolioRuntime.Primitives;
using FolioRuntime.Race.Files;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>Real files through a runtime far smaller than they are: what is right comes out right, and what is wrong is seen.</summary>
[TestFixture(32)]
[TestFixture(8)]
internal sealed class FilesWorkloadTests(int generationBits)
{
    private const int Passes = 3;

    [Test]
    public void Every_byte_comes_back_and_every_stale_handle_is_refused([Values(1, 4)] int threads)
    {
        using var some = new SomeFiles();
        var (files, unlisted) = RegularFiles.Under(some.Directory, CancellationToken.None);
        var report = Run(files, Options(threads));
        Assert.That(unlisted, Is.Zero);
        Assert.That(report.Mismatches, Is.Zero);
        Assert.That(report.Violations, Is.Zero, report.ToString());
        Assert.That(report.FilesRead, Is.EqualTo(SomeFiles.SizesBytes.Length));
        Assert.That(report.Bytes, Is.EqualTo(SomeFiles.TotalBytes));
        Assert.That(report.Unreadable, Is.Zero);
        Assert.That(report.StaleRejected, Is.Positive);
        Assert.That(report.Retyped, Is.Positive, "pages changed type");
        Assert.That(report.PeakBytes, Is.LessThanOrEqualTo(report.CapacityBytes));
    }

    [Test]
    public void A_flipped_bit_is_a_mismatch()
    {
        using var some = new SomeFiles();
        var (files, _) = RegularFiles.Under(some.Directory, CancellationToken.None);
        var large = IndexOf(files, 3_333_333);
        var report = Run(files, Options(threads: 2) with
        {
            Tamper = (part, bytes) =>
            {
                if (part.File == large && part.OffsetBytes == 0)
                    bytes[^1] ^= 1;
            },
        });
        Assert.That(report.Mismatches, Is.GreaterThanOrEqualTo(Passes));
        Assert.That(report.Violations, Is.Zero, "nothing else is wrong");
    }

    [Test]
    public void A_file_that_is_rewritten_while_it_is_read_is_no_mismatch()
    {
        using var some = new SomeFiles();
        var (files, _) = RegularFiles.Under(some.Directory, CancellationToken.None);
        var page = IndexOf(files, 4096);
        var report = Run(files, Options(threads: 1) with
        {
            Tamper = (part, bytes) =>
            {
                if (part.File != page)
                    return;
                bytes[0] ^= 1;
                var content = File.ReadAllBytes(files[page].Path);
                content[^1] ^= 1;
                File.WriteAllBytes(files[page].Path, content);
            },
        });
        Assert.That(report.Mismatches, Is.Zero);
        Assert.That(report.Unreadable, Is.EqualTo(1));
        Assert.That(report.FilesRead, Is.EqualTo(files.Count - 1));
        Assert.That(report.Violations, Is.Zero);
    }

    [Test]
    public void Files_that_vanish_or_shrink_are_counted_and_harm_nothing()
    {
        using var some = new SomeFiles();
        var (files, _) = RegularFiles.Under(some.Directory, CancellationToken.None);
        File.Delete(some.PathOf(4096));
        File.WriteAllBytes(some.PathOf(3_333_333), new byte[2_000_000]);
        var report = Run(files, Options(threads: 2));
        Assert.That(report.Unreadable, Is.EqualTo(2));
        Assert.That(report.FilesRead, Is.EqualTo(files.Count - 2));
        Assert.That(report.Mismatches + report.Violations, Is.Zero, report.ToString());
    }

    [Test]
    public void Told_to_stop_it_gives_everything_back()
    {
        using var some = new SomeFiles();
        var (files, _) = RegularFiles.Under(some.Directory, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var pieces = 0;
        var report = Run(files, Options(threads: 2) with
        {
            Passes = int.MaxValue,
            Tamper = (_, _) =>
            {
                if (Interlocked.Increment(ref pieces) == 100)
                    stop.Cancel();
            },
        }, stop.Token);
        Assert.That(report.Violations, Is.Zero, report.ToString());
        Assert.That(report.Unreadable, Is.Zero, "being stopped is not a file's fault");
    }

    [Test]
    public void A_live_handle_taken_for_a_stale_one_shows()
    {
        using var store = new PieceStore(4 << 20, generationBits);
        var reader = new PieceReader(store);
        Assert.That(store.TryRentFolio(new PageOrder(0), reader.Tally, out var folio), Is.True);
        var content = new IndexNode(0, 0, 10, folio, default, 0);
        Assert.That(store.TryRentNode(content, reader.Tally, out var node), Is.True);
        var piece = new Piece(node, content);

        reader.TryStale(piece);
        Assert.That(reader.Tally.StaleAccepted, Is.EqualTo(3), "node, folio, and the optimistic read");
        Assert.That(store.IsResolved(piece), Is.True);

        store.Evict(piece, reader.Tally);
        reader.TryStale(piece);
        Assert.That(reader.Tally.StaleRejected, Is.EqualTo(3));
        Assert.That(store.EvictAll(reader.Tally), Is.Zero);
    }

    [Test]
    public void A_lost_frame_shows()
    {
        using var store = new PieceStore(4 << 20, generationBits);
        var tally = new FilesTally();
        Assert.That(store.TryRentFolio(new PageOrder(2), tally, out _), Is.True);
        Assert.That(store.EvictAll(tally), Is.EqualTo(4));
    }

    private static int IndexOf(IReadOnlyList<FileEntry> files, long lengthBytes) =>
        files.ToList().FindIndex(file => file.LengthBytes == lengthBytes);

    private static FilesReport Run(IReadOnlyList<FileEntry> files, FilesOptions options, CancellationToken stop = default) =>
        new FilesWorkload(files, options).Run(unlisted: 0, _ => { }, stop);

    private FilesOptions Options(int threads) => new()
    {
        Threads = threads,
        Seed = 42,
        Time = TimeSpan.FromHours(1),
        Passes = Passes,
        GenerationBits = generationBits,
    };
}
