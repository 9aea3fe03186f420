using System.Buffers;
using System.Runtime.InteropServices;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Faults;

/// <summary>One thread's user of everything a runtime hands out: takes until it is refused, marks what it has as its own, and finds the mark when it gives back.</summary>
internal sealed class Hoarder(PoolRuntime pool, SlabCache shared, SlabCache exclusive, SlabMemoryPool blocks, int number)
{
    /// <summary>Kinds of things to take.</summary>
    public const int Kinds = 4;

    private readonly List<Action> _held = [];
    private readonly Random _random = new(number);
    private long _lastMark = (long)number << 32;

    /// <summary>Takes one thing of a kind. False: refused, and then nothing changed.</summary>
    public bool TryTake(int kind) => kind switch
    {
        0 => TryTakeObject(shared),
        1 => TryTakeObject(exclusive),
        2 => TryTakeFolio(),
        _ => TryTakeBlock(),
    };

    /// <summary>Takes until every kind is refused.</summary>
    public void TakeAll()
    {
        // Ends: the capacity does, and a round of refusals is the last.
        for (int kind = number, refused = 0; refused < Kinds; kind++)
        {
            refused = TryTake(kind % Kinds) ? 0 : refused + 1;
            RequireCap();
        }
    }

    /// <summary>Takes and gives back at random.</summary>
    public void Churn(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            if (_random.Next(2) == 0 || _held.Count == 0)
                TryTake(_random.Next(Kinds));
            else
                GiveBack(_random.Next(_held.Count));
            RequireCap();
        }
    }

    public void GiveBackAll()
    {
        while (_held.Count > 0)
            GiveBack(_held.Count - 1);
    }

    private void GiveBack(int place)
    {
        var giveBack = _held[place];
        _held[place] = _held[^1];
        _held.RemoveAt(_held.Count - 1);
        giveBack();
    }

    private bool TryTakeObject(SlabCache cache)
    {
        if (!cache.TryRent(out var handle))
            return false;
        var mark = Mark(cache.BytesOf(handle));
        _held.Add(() =>
        {
            RequireMark(cache.BytesOf(handle), mark);
            Expect.That(cache.TryReturn(handle), "what was rented can be returned");
        });
        return true;
    }

    private bool TryTakeFolio()
    {
        if (!pool.Folios.TryAllocateOwner(new PageOrder(_random.Next(3)), out var owner))
            return false;
        Hold(owner);
        return true;
    }

    private bool TryTakeBlock()
    {
        var fallbacks = blocks.FallbackCount;
        var owner = blocks.Rent();
        if (owner is not SlabMemoryOwner)
        {
            Expect.That(blocks.FallbackCount > fallbacks, "a block that is an array is counted");
            owner.Dispose();
            return false;
        }

        Hold(owner);
        return true;
    }

    private void Hold(IMemoryOwner<byte> owner)
    {
        var mark = Mark(owner.Memory.Span);
        _held.Add(() =>
        {
            RequireMark(owner.Memory.Span, mark);
            owner.Dispose();
        });
    }

    private long Mark(Span<byte> bytes)
    {
        MemoryMarshal.Cast<byte, long>(bytes).Fill(++_lastMark);
        return _lastMark;
    }

    private static void RequireMark(Span<byte> bytes, long mark) =>
        Expect.That(!MemoryMarshal.Cast<byte, long>(bytes).ContainsAnyExcept(mark), "something was handed out twice");

    private void RequireCap()
    {
        var pages = pool.Pages;
        Expect.That(pages.CommittedFrames - pages.RetiredFrames <= pages.CapacityFrames, "the cap is overshot");
    }
}
