using System.Buffers;
using System.Runtime.InteropServices;
using static FolioRuntime.Tests.Integrations.Conformance.ShortfallException;

namespace FolioRuntime.Tests.Integrations.Conformance;

/// <summary>What can be asked of any pool, by itself. Each check makes a pool of its own.</summary>
internal static class MemoryPoolChecks
{
    // Blocks rented to see whether one of them is a certain block: more than any pool here lets lie between.
    private const int Many = 64;
    private const int LongestTried = 1 << 20;

    public static IReadOnlyList<MemoryPoolCheck> All { get; } =
    [
        new("no size, -1 and 0 give a block", SmallSizes),
        new("less than -1 is refused", static candidate => Refuses(candidate, static _ => -2)),
        new("memory is as long as asked, from 1 to the largest", Lengths),
        new("more than the largest is refused", static candidate => Refuses(candidate, static pool => pool.MaxBufferSize + 1)),
        new("blocks that are out together don't overlap, on several threads", Independence),
        new("a pin holds an address, through a collection", Pinning),
        new("an array behind the memory", ArrayBehind),
        new("a second dispose throws nothing, and gives the block to one renter", DoubleDispose),
        new("a dispose after the block is somebody else's leaves it to them", LateDispose),
        new("a dispose on another thread", DisposeElsewhere),
        new("a disposed owner gives no memory", DisposedOwner),
        new("memory kept past the dispose never shows the next renter's bytes", KeptMemory),
        new("a block that is pinned when disposed is nobody else's before the unpin", PinnedAtDispose),
        new("says how many blocks are out", CountsOutstanding),
        new("a disposed pool refuses to rent", RentAfterPoolDispose),
        new("the pool's dispose leaves blocks that are out valid, and their disposes throw nothing", PoolDisposeWithBlocksOut),
        new("the pool's second dispose throws nothing", PoolDisposeTwice),
        .. MemoryPoolPipeChecks.All,
    ];

    private static void SmallSizes(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        using var any = pool.Rent();
        Unless(any.Memory.Length > 0, "none without a size");
        using var same = pool.Rent(-1);
        Unless(same.Memory.Length > 0, "none for -1");
        using var zero = pool.Rent(0);
        Unless(zero.Memory.Length > 0, "0 gives empty memory");
    }

    private static void Refuses(MemoryPoolCandidate candidate, Func<MemoryPool<byte>, int> size)
    {
        using var pool = candidate.Create();
        try
        {
            using var owner = pool.Rent(size(pool));
        }
        catch (ArgumentOutOfRangeException)
        {
            return;
        }

        throw new ShortfallException("gives a block");
    }

    private static void Lengths(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        var largest = Math.Min(pool.MaxBufferSize, LongestTried);
        foreach (var size in new[] { 1, 2, 63, 255, 256, 257, 4000, 4095, 4096, 4097, 32767, largest - 1, largest }.Where(size => size <= largest))
        {
            using var owner = pool.Rent(size);
            Unless(owner.Memory.Length >= size, $"{owner.Memory.Length} bytes for {size}");
            owner.Memory.Span.Fill(1);
        }
    }

    private static void Independence(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        TestThreads.Run(3, thread =>
        {
            var random = new Random(thread);
            var owners = new List<(IMemoryOwner<byte> Owner, byte Tag)>();
            for (var i = 0; i < 2000; i++)
            {
                if (owners.Count < 40 && random.Next(2) == 0)
                {
                    var tag = (byte)((i * 3) + thread);
                    var owner = pool.Rent(random.Next(1, 4097));
                    owner.Memory.Span.Fill(tag);
                    owners.Add((owner, tag));
                }
                else if (owners.Count > 0)
                {
                    var at = random.Next(owners.Count);
                    Unless(owners[at].Owner.Memory.Span.IndexOfAnyExcept(owners[at].Tag) < 0, "somebody wrote into another's block");
                    owners[at].Owner.Dispose();
                    owners.RemoveAt(at);
                }
            }

            owners.ForEach(static pair => pair.Owner.Dispose());
        });
    }

    private static unsafe void Pinning(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        using var owner = pool.Rent();
        owner.Memory.Span[5] = 55;
        using var pin = owner.Memory.Pin();
        using var within = owner.Memory[5..].Pin();
        GC.Collect();
        fixed (byte* here = owner.Memory.Span)
            Unless(pin.Pointer == here, "another address");
        Unless((byte*)pin.Pointer + 5 == within.Pointer && *(byte*)within.Pointer == 55, "another address within");
    }

    private static string ArrayBehind(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        using var owner = pool.Rent();
        var has = MemoryMarshal.TryGetArray<byte>(owner.Memory, out var segment);
        if (candidate.IsNative)
        {
            Unless(!has, "native memory with an array");
            return "none, by choice";
        }

        Unless(has && segment.Count == owner.Memory.Length, "none");
        owner.Memory.Span[17] = 99;
        Unless(segment[17] == 99, "another's");
        return MemoryPoolCheck.Yes;
    }

    private static void DoubleDispose(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        var owner = pool.Rent();
        owner.Dispose();
        owner.Dispose();
        var owners = Rent(pool, Many);
        Unless(!AnyTwoOverlap(owners), "two renters get it");
        owners.ForEach(static next => next.Dispose());
    }

    private static void LateDispose(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        var stale = pool.Rent();
        stale.Dispose();
        var owners = Rent(pool, Many);
        stale.Dispose();
        owners.AddRange(Rent(pool, Many));
        Unless(!AnyTwoOverlap(owners), "another gets it too");
        owners.ForEach(static next => next.Dispose());
    }

    private static void DisposeElsewhere(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        var owners = Rent(pool, Many);
        TestThreads.Run(1, _ => owners.ForEach(static owner => owner.Dispose()));
        var next = Rent(pool, 2 * Many);
        Unless(!AnyTwoOverlap(next), "two renters get one");
        next.ForEach(static owner => owner.Dispose());
    }

    private static void DisposedOwner(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        var owner = pool.Rent();
        owner.Dispose();
        try
        {
            _ = owner.Memory;
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        throw new ShortfallException("it does");
    }

    private static void KeptMemory(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        var owner = pool.Rent();
        Memory<byte> kept = owner.Memory;
        owner.Dispose();
        var owners = Rent(pool, Many);
        owners.ForEach(static next => next.Memory.Span.Fill(77));
        try
        {
            Unless(kept.Span[0] != 77, "it does");
        }
        catch (ObjectDisposedException)
        {
            // It shows nothing at all.
        }

        owners.ForEach(static next => next.Dispose());
    }

    private static unsafe void PinnedAtDispose(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        var owner = pool.Rent();
        owner.Memory.Span[0] = 1;
        using (var pin = owner.Memory.Pin())
        {
            owner.Dispose();
            var owners = Rent(pool, Many);
            owners.ForEach(static next => next.Memory.Span.Fill(77));
            var seen = *(byte*)pin.Pointer;
            owners.ForEach(static next => next.Dispose());
            Unless(seen == 1, "the next renter gets it");
        }
    }

    private static void CountsOutstanding(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        Unless(candidate.Outstanding is not null, "it can't be asked");
        var owners = Rent(pool, Many);
        Unless(candidate.Outstanding!(pool) == Many, "wrong");
        owners.ForEach(static owner => owner.Dispose());
        Unless(candidate.Outstanding(pool) == 0, "wrong");
    }

    private static void RentAfterPoolDispose(MemoryPoolCandidate candidate)
    {
        var pool = candidate.Create();
        pool.Dispose();
        try
        {
            pool.Rent().Dispose();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        throw new ShortfallException("it has no end");
    }

    private static void PoolDisposeWithBlocksOut(MemoryPoolCandidate candidate)
    {
        var pool = candidate.Create();
        var owners = Rent(pool, 3);
        owners[2].Dispose();
        pool.Dispose();
        owners[0].Memory.Span.Fill(3);
        owners[1].Memory.Span.Fill(4);
        Unless(owners[0].Memory.Span.IndexOfAnyExcept((byte)3) < 0, "another's bytes");
        owners.ForEach(static owner => owner.Dispose());
    }

    private static void PoolDisposeTwice(MemoryPoolCandidate candidate)
    {
        var pool = candidate.Create();
        pool.Rent().Dispose();
        pool.Dispose();
        pool.Dispose();
    }

    private static List<IMemoryOwner<byte>> Rent(MemoryPool<byte> pool, int count) => [.. Enumerable.Range(0, count).Select(_ => pool.Rent())];

    private static bool AnyTwoOverlap(List<IMemoryOwner<byte>> owners)
    {
        for (var i = 0; i < owners.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (owners[i].Memory.Span.Overlaps(owners[j].Memory.Span))
                    return true;
            }
        }

        return false;
    }
}
