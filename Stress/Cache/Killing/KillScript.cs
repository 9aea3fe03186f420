using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Killing;

/// <summary>What one thread of a writer does, the same again for whoever looks afterwards: write number n is to some cells of one of its pages.</summary>
internal struct KillScript(ulong seed, int life, int thread)
{
    public const int Threads = 3;

    /// <summary>More than the cache holds, so that pages are given up and read again.</summary>
    public const int Pages = 96;

    private const int NumberBits = 40;

    private XorShift _random = new(seed + ((ulong)life << 20), thread);
    private ulong _number;

    /// <summary>Which thread writes a page.</summary>
    public static int ThreadOf(int page) => page % Threads;

    /// <summary>Which life a version is from, and which write of it.</summary>
    public static (int Life, long Number) Read(ulong version) => ((int)(version >> NumberBits), (long)(version & ((1ul << NumberBits) - 1)));

    /// <summary>The next write: a part of a page, in one case of four a whole one.</summary>
    public KillWrite Next()
    {
        var page = (_random.Below(Pages / Threads) * Threads) + thread;
        var cell = _random.OnceIn(4) ? 0 : _random.Below(KillCell.PerPage);
        var cells = cell == 0 ? KillCell.PerPage : 1 + _random.Below(KillCell.PerPage - cell);
        return new KillWrite(page, cell, cells, ((ulong)life << NumberBits) | ++_number);
    }
}
