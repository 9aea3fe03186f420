extern alias instrumented;

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Race.Protocols;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: slots of one page each, shared by all types, counted by a published counter. The free list is a plain
/// stack under the runtime's own latch, so nothing but the counter can be at fault. As in the kernel series, the putter
/// settles on the destructor by what it holds, before it tries to end the object. A handle is a slot number.
/// </summary>
internal sealed unsafe class ControlProtocol<TWord> : IProtocol
    where TWord : struct, ICountedWord
{
    private const int SlotBytes = 4096;
    private const int WordStrideBytes = 128;

    private readonly IWitness _witness;
    private readonly byte* _words;
    private readonly byte* _contents;
    private readonly Latch _latch = new();
    private readonly Stack<int> _free = new();

    public ControlProtocol(int slots, IWitness witness)
    {
        _witness = witness;
        // SAFETY: both blocks live until Dispose, which comes after the last operation; every index below is in [0, slots).
        _words = (byte*)NativeMemory.AlignedAlloc((nuint)(slots * WordStrideBytes), WordStrideBytes);
        _contents = (byte*)NativeMemory.AlignedAlloc((nuint)(slots * SlotBytes), SlotBytes);
        Words = new WordRange((nint)_words, WordStrideBytes, slots);
        for (var slot = slots - 1; slot >= 0; slot--)
        {
            WordOf(slot) = TWord.Dead;
            _free.Push(slot);
        }
    }

    public WordRange Words { get; }

    public Token? TryAllocate(int type, long id)
    {
        int slot;
        using (_latch.Hold())
        {
            if (!_free.TryPop(out slot))
                return null;
        }

        ObjectContent.Write(ContentOf(slot), type, id);
        TWord.Publish(ref WordOf(slot));
        return new Token((ulong)slot, type, id);
    }

    public Token? TryRent(int type, long id) => TryAllocate(type, id);

    public bool Peek(Token token) => TWord.References(ref WordOf((int)token.Handle)) != 0;

    public bool TryGet(Token token) => TWord.TryGet(ref WordOf((int)token.Handle));

    public Span<byte> Content(Token token) => ContentOf((int)token.Handle);

    public void Put(Token token, int type)
    {
        var slot = (int)token.Handle;
        var destructor = type;
        if (!TWord.Put(ref WordOf(slot)))
            return;
        _witness.Destroy(destructor, ContentOf(slot));
        using (_latch.Hold())
            _free.Push(slot);
    }

    public void Return(Token token) => Put(token, token.Type);

    public void Settle()
    {
        if (_free.Count != Words.Count || _free.Distinct().Count() != Words.Count)
            _witness.Complain($"{_free.Count} of {Words.Count} slots are on the free list");
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_words);
        NativeMemory.AlignedFree(_contents);
    }

    // SAFETY: slot is one that this protocol put into a token, so both addresses are inside their blocks.
    private ref ulong WordOf(int slot) => ref Unsafe.AsRef<ulong>(_words + slot * WordStrideBytes);

    private Span<byte> ContentOf(int slot) => new(_contents + slot * SlotBytes, SlotBytes);
}
