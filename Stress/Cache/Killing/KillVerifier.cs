using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;
using FolioRuntime.Primitives;

namespace FolioRuntime.Caching.Killing;

/// <summary>
/// Looks at a file after its writer was killed. What each page has must be what it had after one of its thread's writes, all cells of it, and not an earlier one than the last that was flushed.
/// Which writes these are follows from the seed.
/// </summary>
internal sealed class KillVerifier(KillSubject subject, string path, ulong seed)
{
    private const int Cells = KillScript.Pages * KillCell.PerPage;

    // What each cell had when the file was last looked at.
    private readonly ulong[] _versions = new ulong[Cells];

    // Of this life.
    private readonly HashSet<int> _torn = [];

    public long BytesChecked { get; private set; }

    /// <summary>Pages that are no content that they ever had.</summary>
    public int WrongPages { get; private set; }

    /// <summary>Pages that have an older content than was flushed.</summary>
    public int LostPages { get; private set; }

    /// <summary>Pages whose checksum says that they are torn.</summary>
    public int TornPages { get; private set; }

    public List<string> Faults { get; } = [];

    /// <summary>Looks, and starts from what it has found the next time.</summary>
    /// <param name="life">Which writer it was.</param>
    /// <param name="flushed">How far each thread of it was at its last flush.</param>
    public void Check(int life, IReadOnlyList<long> flushed)
    {
        _torn.Clear();
        var found = ReadAll(life);
        for (var thread = 0; thread < KillScript.Threads; thread++)
            CheckThread(life, thread, flushed[thread], found);
        found.CopyTo(_versions, 0);
    }

    private ulong[] ReadAll(int life)
    {
        var found = new ulong[Cells];
        var bytes = new byte[PageOrder.FrameBytes];
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 16 << 20 });
        using var cache = runtime.CreatePageCache(new PageCacheOptions { CapacityPages = KillScript.Pages });
        var mapping = cache.Open(subject.Reopen(path));
        for (var page = 0; page < KillScript.Pages; page++)
        {
            BytesChecked += bytes.Length;
            var cells = found.AsSpan(page * KillCell.PerPage, KillCell.PerPage);
            try
            {
                bytes.AsSpan(mapping.Read((long)page * bytes.Length, bytes)).Clear();
            }
            catch (PageChecksumException)
            {
                // Noticed, as it must be; the next writer begins with a page of zeros.
                TornPages++;
                _torn.Add(page);
                bytes.AsSpan().Clear();
                mapping.Write((long)page * bytes.Length, bytes);
                continue;
            }

            for (var cell = 0; cell < cells.Length; cell++)
            {
                if (!KillCell.TryRead(bytes.AsSpan(cell * KillCell.Bytes, KillCell.Bytes), (page * KillCell.PerPage) + cell, out cells[cell]))
                    Wrong(life, page, $"cell {cell} is torn within itself");
            }
        }

        mapping.Flush();
        return found;
    }

    private void CheckThread(int life, int thread, long flushed, ulong[] found)
    {
        // A page's content is that after the last write that any of its cells has.
        var reached = new long[KillScript.Pages];
        for (var page = thread; page < KillScript.Pages; page += KillScript.Threads)
        {
            reached[page] = CellsOf(found, page).ToArray().Select(KillScript.Read).Max(version => version.Life == life ? version.Number : 0);
            if (reached[page] == 0)
                Compare(life, page, found);
        }

        var script = new KillScript(seed, life, thread);
        var last = new long[KillScript.Pages];
        var end = Math.Max(flushed, reached.Max());
        for (var number = 1L; number <= end; number++)
        {
            var (page, cell, cells, version) = script.Next();
            _versions.AsSpan((page * KillCell.PerPage) + cell, cells).Fill(version);
            if (number <= flushed)
                last[page] = number;
            if (number == reached[page])
                Compare(life, page, found);
        }

        for (var page = thread; page < KillScript.Pages; page += KillScript.Threads)
        {
            if (reached[page] >= last[page] || _torn.Contains(page))
                continue;
            LostPages++;
            Note($"life {life}, page {page}: has write {reached[page]}, and {last[page]} was flushed");
        }
    }

    private void Compare(int life, int page, ulong[] found)
    {
        if (!_torn.Contains(page) && !CellsOf(found, page).SequenceEqual(CellsOf(_versions, page)))
            Wrong(life, page, $"has cells of {string.Join(' ', CellsOf(found, page).ToArray().Select(KillScript.Read))} and never had them at once");
    }

    private void Wrong(int life, int page, string what)
    {
        WrongPages++;
        Note($"life {life}, page {page}: {what}");
    }

    private void Note(string fault)
    {
        if (Faults.Count < 20)
            Faults.Add(fault);
    }

    private static Span<ulong> CellsOf(ulong[] versions, int page) => versions.AsSpan(page * KillCell.PerPage, KillCell.PerPage);
}
