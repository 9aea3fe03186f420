using FolioRuntime.Caching.Killing;
using FolioRuntime.PageCaching.Stores;
using NUnit.Framework;

namespace FolioRuntime.Tests.Caching;

/// <summary>Whoever looks at a file after a kill finds what is wrong with it, and nothing where nothing is.</summary>
public sealed class KillVerifierTests
{
    private const ulong Seed = 11;
    private const int PageBytes = 4096;

    private string _folder = "";
    private byte[] _bytes = [];

    private string FilePath => Path.Combine(_folder, "pages");

    [SetUp]
    public void CreateFolder()
    {
        _folder = Directory.CreateTempSubdirectory("folio-kill-").FullName;
        _bytes = new byte[KillScript.Pages * PageBytes];
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Everything_that_was_flushed_and_something_later_is_right()
    {
        Play(life: 1, writes: 300);
        var verifier = Check(1, [250, 300, 0]);
        Assert.That((verifier.WrongPages, verifier.LostPages, verifier.TornPages), Is.EqualTo((0, 0, 0)), string.Join('\n', verifier.Faults));
        Assert.That(verifier.BytesChecked, Is.EqualTo(_bytes.Length));
    }

    [Test]
    public void The_next_life_begins_where_the_last_one_ended()
    {
        var verifier = new KillVerifier(KillSubject.Cache, FilePath, Seed);
        for (var life = 1; life <= 3; life++)
        {
            Play(life, writes: 100 * life);
            Save();
            verifier.Check(life, [50, 50, 50]);
        }

        Assert.That(verifier.Faults, Is.Empty);
    }

    [Test]
    public void A_page_that_has_not_what_was_flushed_is_lost()
    {
        Play(life: 1, writes: 300);
        var verifier = Check(1, [310, 300, 300]);
        Assert.That(verifier.WrongPages, Is.Zero);
        Assert.That(verifier.LostPages, Is.InRange(1, 10));
        Assert.That(verifier.Faults[0], Does.Contain("was flushed"));
    }

    [Test]
    public void A_mixture_of_two_contents_is_wrong()
    {
        // The last whole-page write to a page, with a cell from before it.
        Play(life: 1, writes: 300);
        var before = _bytes.ToArray();
        Play(life: 1, writes: 400);
        var page = Enumerable.Range(0, KillScript.Pages).First(page => Enumerable.Range(0, 8).All(cell => !Cell(before, page, cell).SequenceEqual(Cell(_bytes, page, cell))));
        Cell(before, page, 3).CopyTo(_bytes.AsSpan((page * PageBytes) + (3 * 512)));
        var verifier = Check(1, [0, 0, 0]);
        Assert.That(verifier.WrongPages, Is.EqualTo(1));
    }

    [Test]
    public void A_torn_page_is_noticed_and_begins_anew()
    {
        Play(life: 1, writes: 300);
        Save();
        using (var inner = new FilePageStore(FilePath))
            inner.Write([1, 2, 3], 2 * PageBytes);
        var verifier = new KillVerifier(KillSubject.Cache, FilePath, Seed);
        verifier.Check(1, [300, 300, 300]);
        Assert.That((verifier.WrongPages, verifier.LostPages, verifier.TornPages), Is.EqualTo((0, 0, 1)));
        verifier.Check(2, [0, 0, 0]);
        Assert.That((verifier.Faults.Count, verifier.TornPages), Is.EqualTo((0, 1)));
    }

    private static Span<byte> Cell(byte[] bytes, int page, int cell) => bytes.AsSpan((page * PageBytes) + (cell * KillCell.Bytes), KillCell.Bytes);

    private void Play(int life, int writes)
    {
        for (var thread = 0; thread < KillScript.Threads; thread++)
        {
            var script = new KillScript(Seed, life, thread);
            for (var number = 0; number < writes; number++)
            {
                var (page, first, cells, version) = script.Next();
                for (var cell = first; cell < first + cells; cell++)
                    KillCell.Fill(Cell(_bytes, page, cell), (page * KillCell.PerPage) + cell, version);
            }
        }
    }

    private void Save()
    {
        using var store = KillSubject.Cache.Open(FilePath, 1);
        var aligned = AlignedMemory.Allocate(_bytes.Length, PageBytes).Span;
        _bytes.CopyTo(aligned);
        store.Write(aligned, 0);
    }

    private KillVerifier Check(int life, long[] flushed)
    {
        Save();
        var verifier = new KillVerifier(KillSubject.Cache, FilePath, Seed);
        verifier.Check(life, flushed);
        return verifier;
    }
}
