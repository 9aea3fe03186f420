extern alias instrumented;

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using instrumented::FolioRuntime.Lifetimes;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Protocols;

/// <summary>
/// The runtime's lifetime words alone, over the controls' slots and free list: what differs from a control is the word's
/// protocol and nothing else. Recorded schedules of a control are replayed over it. The type is read from the slot by
/// the winner, as the runtime reads it from the slab's header.
/// </summary>
internal sealed unsafe class LifetimeProtocol : IProtocol
{
    private const int SlotBytes = 4096;
    private const int WordStrideBytes = 128;

    private readonly IDestructor _destructor;
    private readonly byte* _words;
    private readonly byte* _contents;
    private readonly int[] _types;
    private readonly GenerationSpace _space = GenerationSpace.Random(LifetimeWord.GenerationBits);
    private readonly Latch _latch = new();
    private readonly Stack<int> _free = new();

    public LifetimeProtocol(int slots, IDestructor destructor)
    {
        _destructor = destructor;
        _types = new int[slots];
        // SAFETY: both blocks live until Dispose, which comes after the last operation; every index below is in [0, slots).
        _words = (byte*)NativeMemory.AlignedAlloc((nuint)(slots * WordStrideBytes), WordStrideBytes);
        _contents = (byte*)NativeMemory.AlignedAlloc((nuint)(slots * SlotBytes), SlotBytes);
        NativeMemory.Clear(_words, (nuint)(slots * WordStrideBytes));
        Words = new WordRange((nint)_words, WordStrideBytes, slots);
        for (var slot = slots - 1; slot >= 0; slot--)
            _free.Push(slot);
    }

    public WordRange Words { get; }

    public Token? TryAllocate(int type, long id) => TryAllocate(type, id, owned: false);

    public Token? TryRent(int type, long id) => TryAllocate(type, id, owned: true);

    public bool Peek(Token token) => Lifetime.Load(ref WordOf(SlotOf(token))).IsLiveAt(GenerationOf(token));

    public bool TryGet(Token token)
    {
        var outcome = Lifetime.TryGet(ref WordOf(SlotOf(token)), GenerationOf(token));
        if (outcome is GetOutcome.StaleMustDestroy or GetOutcome.SaturatedMustDestroy)
            Destroy(SlotOf(token));
        return outcome == GetOutcome.Got;
    }

    public Span<byte> Content(Token token) => ContentOf(SlotOf(token));

    public void Put(Token token, int type)
    {
        if (Lifetime.Put(ref WordOf(SlotOf(token)), GenerationOf(token)) == PutOutcome.MustDestroy)
            Destroy(SlotOf(token));
    }

    public void Return(Token token)
    {
        ref var word = ref WordOf(SlotOf(token));
        if (Lifetime.Return(ref word, GenerationOf(token), Lifetime.Load(ref word)) == ReturnOutcome.MustDestroy)
            Destroy(SlotOf(token));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_words);
        NativeMemory.AlignedFree(_contents);
    }

    private static int SlotOf(Token token) => (int)(token.Handle >> 32);

    private static uint GenerationOf(Token token) => (uint)token.Handle;

    private Token? TryAllocate(int type, long id, bool owned)
    {
        int slot;
        using (_latch.Hold())
        {
            if (!_free.TryPop(out slot))
                return null;
        }

        _types[slot] = type;
        ObjectContent.Write(ContentOf(slot), type, id);
        ref var word = ref WordOf(slot);
        var generation = owned ? Lifetime.PublishRented(ref word, _space) : Lifetime.PublishReferenced(ref word, _space);
        return new Token(((ulong)slot << 32) | generation, type, id);
    }

    private void Destroy(int slot)
    {
        _destructor.Destroy(_types[slot], ContentOf(slot));
        if (_space.IsRetired(Lifetime.Load(ref WordOf(slot))))
            return;
        using (_latch.Hold())
            _free.Push(slot);
    }

    // SAFETY: slot is one that this protocol put into a token, so both addresses are inside their blocks.
    private ref ulong WordOf(int slot) => ref Unsafe.AsRef<ulong>(_words + slot * WordStrideBytes);

    private Span<byte> ContentOf(int slot) => new(_contents + slot * SlotBytes, SlotBytes);
}
