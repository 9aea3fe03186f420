using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;
using FolioRuntime.Race.Controls;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A slot as <see cref="OneSlot"/> is one, but counted by a published counter, without generations: a handle is the slot. As in the kernel's series a
/// putter settles on the destructor by what it holds, before it tries to end the object.
/// <code>
///   word    the counter
///   free    1: nobody has the slot
///   header  the type that lives in it: X, Y, or 0
/// </code>
/// </summary>
internal sealed unsafe class CountedSlot<TWord> : IDisposable
    where TWord : struct, ICountedWord
{
    private readonly Memory* _memory = (Memory*)NativeMemory.AllocZeroed((nuint)sizeof(Memory));
    private int _lives;
    private int _ends;

    /// <summary>Begins with an X that one reference holds.</summary>
    public CountedSlot()
    {
        Word = TWord.Dead;
        _memory->Free = 1;
        TryAllocate('X');
    }

    // SAFETY: the memory lives as long as this object, and the execution ends before that.
    private ref ulong Word => ref _memory->Word;

    public Dictionary<nint, (string Name, Func<ulong, string>? Show)> Names => new()
    {
        [(nint)(&_memory->Word)] = ("counter", null),
        [(nint)(&_memory->Free)] = ("free", null),
        [(nint)(&_memory->Header)] = ("header", type => type == 0 ? "nothing" : $"{(char)type}"),
    };

    public bool TryAllocate(char type)
    {
        if (Atomics.CompareExchange(ref _memory->Free, 0, 1) != 1)
            return false;
        _lives++;
        Content.Write(ref _memory->Header, type);
        TWord.Publish(ref Word);
        return true;
    }

    /// <summary>Puts a reference to an object of this type.</summary>
    public void Put(char type)
    {
        var destructor = type;
        if (!TWord.Put(ref Word))
            return;
        _ends++;
        var header = Content.Read(ref _memory->Header);
        Requirement.That(header == destructor, $"L1: the destructor of {destructor} runs on {(header == 0 ? "nothing" : $"{(char)header}")}");
        Content.Write(ref _memory->Header, 0);
        Atomics.StoreRelease(ref _memory->Free, 1);
    }

    /// <summary>A look-up that takes what it finds for what it is.</summary>
    public void GetAndPut()
    {
        if (TWord.TryGet(ref Word))
            Put((char)Content.Read(ref _memory->Header));
    }

    public void LiveAsY()
    {
        if (TryAllocate('Y'))
            Put('Y');
    }

    public void Judge()
    {
        Requirement.Equal(_ends, _lives, "L1: objects destroyed");
        Requirement.Equal(_memory->Free, 1ul, "L8: the slot is free");
    }

    public void Dispose() => NativeMemory.Free(_memory);

    private struct Memory
    {
        public ulong Word;
        public ulong Free;
        public ulong Header;
    }
}
