extern alias instrumented;

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Race.Protocols;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: slots of one page each, shared by all types, each with a tagged lifetime word and a header that names its type; one line of
/// it, or of <see cref="FrozenLifetime"/>, is wrong. The free list is a plain stack under a latch. A handle is generation and slot, as the runtime's.
/// </summary>
internal sealed unsafe class WrongProtocol : IAgedProtocol
{
    private const int SlotBytes = 4096;
    private const int WordStrideBytes = 128;

    private readonly IWitness _witness;
    private readonly WrongLine _wrong;
    private readonly FrozenLifetime _lifetime;
    private readonly byte* _words;
    private readonly byte* _contents;
    private readonly int[] _types;
    private readonly uint[] _floors;
    private readonly Latch _latch = new();
    private readonly Stack<int> _free = new();

    public WrongProtocol(int slots, IWitness witness, WrongLine wrong)
    {
        _witness = witness;
        _wrong = wrong;
        _lifetime = new FrozenLifetime(wrong);
        _types = new int[slots];
        _floors = new uint[slots];

        // SAFETY: both blocks live until Dispose, which comes after the last operation; every index below is in [0, slots).
        _words = (byte*)NativeMemory.AlignedAlloc((nuint)(slots * WordStrideBytes), WordStrideBytes);
        _contents = (byte*)NativeMemory.AlignedAlloc((nuint)(slots * SlotBytes), SlotBytes);
        NativeMemory.Clear(_words, (nuint)(slots * WordStrideBytes));
        Words = new WordRange((nint)_words, WordStrideBytes, slots);
        Refill();
    }

    public WordRange Words { get; }

    public Token? TryAllocate(int type, long id) => TryPublish(type, id, isOwned: false);

    public Token? TryRent(int type, long id) => TryPublish(type, id, isOwned: true);

    public bool Peek(Token token) => _lifetime.IsLive(Atomics.LoadAcquire(ref WordOf(SlotIn(token))));

    public bool TryGet(Token token)
    {
        var slot = SlotIn(token);
        if (_lifetime.TryGet(ref WordOf(slot), (uint)(token.Handle >> 32), out var mustDestroy))
            return true;
        if (mustDestroy)
            Free(slot, token.Type);
        return false;
    }

    public Span<byte> Content(Token token) => ContentOf(SlotIn(token));

    public void Put(Token token, int type)
    {
        if (_lifetime.Put(ref WordOf(SlotIn(token))))
            Free(SlotIn(token), type);
    }

    public void Return(Token token)
    {
        if (!_lifetime.TryReturn(ref WordOf(SlotIn(token)), (uint)(token.Handle >> 32), out var mustDestroy))
            _witness.Complain("an owner's return was refused");
        else if (mustDestroy)
            Free(SlotIn(token), token.Type);
    }

    public void AgeDead(ulong failedGets)
    {
        for (var slot = 0; slot < Words.Count; slot++)
            Atomics.Add(ref WordOf(slot), failedGets * _lifetime.OneReference);
    }

    public void Trim()
    {
        using (_latch.Hold())
        {
            foreach (var slot in _free)
            {
                ref var word = ref WordOf(slot);
                if (_wrong != WrongLine.FloorForgotten)
                    _floors[slot] = Math.Max(_floors[slot], (uint)Atomics.LoadAcquire(ref word));
                Atomics.StoreRelease(ref word, 0);
            }
        }
    }

    /// <summary>Complains of what is lost or doubled, and makes it whole again, so that the next round can be caught too.</summary>
    public void Settle()
    {
        if (_free.Count == Words.Count && _free.Distinct().Count() == Words.Count)
            return;
        _witness.Complain($"{_free.Count} of {Words.Count} slots are on the free list");
        for (var slot = 0; slot < Words.Count; slot++)
            WordOf(slot) = _lifetime.Next((uint)WordOf(slot));
        Refill();
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_words);
        NativeMemory.AlignedFree(_contents);
    }

    private Token? TryPublish(int type, long id, bool isOwned)
    {
        int slot;
        using (_latch.Hold())
        {
            if (!_free.TryPop(out slot))
                return null;
        }

        ref var word = ref WordOf(slot);
        if (_floors[slot] != 0 && (uint)Atomics.LoadAcquire(ref word) < _floors[slot])
            Atomics.StoreRelease(ref word, _floors[slot]);
        if (_wrong == WrongLine.PublishFirst)
            _lifetime.Publish(ref word, isOwned, isOwned ? 0u : 1);
        Atomics.WriteBarrier();
        ObjectContent.Write(ContentOf(slot), type, id);
        _types[slot] = type;
        if (_wrong != WrongLine.PublishFirst)
            _lifetime.Publish(ref word, isOwned, isOwned ? 0u : 1);
        return new Token(((ulong)(uint)Atomics.LoadAcquire(ref word) << 32) | (uint)slot, type, id);
    }

    private void Free(int slot, int callersType)
    {
        _witness.Destroy(_wrong == WrongLine.DestructorOfCaller ? callersType : _types[slot], ContentOf(slot));
        using (_latch.Hold())
            _free.Push(slot);
        if (_wrong == WrongLine.LiveClearedLate)
            _lifetime.ClearLive(ref WordOf(slot));
    }

    private void Refill()
    {
        _free.Clear();
        for (var slot = Words.Count - 1; slot >= 0; slot--)
            _free.Push(slot);
    }

    private static int SlotIn(Token token) => (int)(uint)token.Handle;

    // SAFETY: slot is one that this protocol put into a token, so both addresses are inside their blocks.
    private ref ulong WordOf(int slot) => ref Unsafe.AsRef<ulong>(_words + slot * WordStrideBytes);

    private Span<byte> ContentOf(int slot) => new(_contents + slot * SlotBytes, SlotBytes);
}
