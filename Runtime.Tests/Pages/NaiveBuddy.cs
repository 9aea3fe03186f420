using FolioRuntime.Pages;

namespace FolioRuntime.Tests.Pages;

/// <summary>
/// The oracle: one flag a frame and no structure at all. A block of an order is to be had if some naturally aligned run
/// of frames is free, not retired, and its first frame not worn for the use.
/// </summary>
internal sealed class NaiveBuddy(int frames)
{
    private readonly bool[] _taken = new bool[frames];
    private readonly FrameUses[] _unfit = new FrameUses[frames];

    public int Taken => _taken.Count(taken => taken);

    public int Retired => _unfit.Where((unfit, frame) => unfit == FrameUses.Both && !_taken[frame]).Count();

    public bool Has(int order, FrameUses use)
    {
        for (var head = 0; head + (1 << order) <= frames; head += 1 << order)
        {
            if (IsFree(head, 1 << order) && (_unfit[head] & use) == 0)
                return true;
        }

        return false;
    }

    public bool IsFree(int first, int count) =>
        Enumerable.Range(first, count).All(frame => !_taken[frame] && _unfit[frame] != FrameUses.Both);

    public bool Fits(int head, FrameUses use) => (_unfit[head] & use) == 0;

    public void Take(int first, int count) => _taken.AsSpan(first, count).Fill(true);

    public void Free(int first, int count, FrameUses unfit = FrameUses.None)
    {
        _taken.AsSpan(first, count).Clear();
        _unfit[first] |= unfit & FrameUses.Folio;
        for (var frame = first; frame < first + count; frame++)
            _unfit[frame] |= unfit & FrameUses.Slab;
    }

    /// <summary>The free blocks that complete coalescing leaves, per order, within blocks of the largest.</summary>
    public int[] FreeBlocks(int maxOrder, int committed)
    {
        var blocks = new int[maxOrder + 1];
        for (var head = 0; head < committed;)
        {
            var order = maxOrder;
            while (order >= 0 && ((head & ((1 << order) - 1)) != 0 || head + (1 << order) > committed || !IsFree(head, 1 << order)))
                order--;
            if (order >= 0)
                blocks[order]++;
            head += order >= 0 ? 1 << order : 1;
        }

        return blocks;
    }
}
