using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A lifetime word, its content sequence and two words of content, bare: what an optimistic read consists of, every load of it a step.</summary>
internal sealed unsafe class SequenceScene : IDisposable
{
    private readonly Words* _words = (Words*)NativeMemory.AllocZeroed((nuint)sizeof(Words));

    public GenerationSpace Space { get; } = new(bits: 3, first: 1);

    // SAFETY: allocated with this object and freed when the execution is over.
    public ref ulong Word => ref _words->Word;

    public ref uint Sequence => ref _words->Sequence;

    public ulong First => _words->First;

    public Scene Play(Action? check, params Action[] threads) => new(threads)
    {
        Check = check,
        State = () => $"{new LifetimeWord(_words->Word)}, sequence {_words->Sequence}, content {_words->First} {_words->Second}",
        Close = Dispose,
        Names = new()
        {
            [(nint)(&_words->Word)] = ("word", Explorer.ShowWord),
            [(nint)(&_words->Sequence)] = ("sequence", null),
            [(nint)(&_words->First)] = ("content, 1st", null),
            [(nint)(&_words->Second)] = ("content, 2nd", null),
        },
    };

    public void Write(ulong value)
    {
        Content.Write(ref _words->First, value);
        Content.Write(ref _words->Second, value);
    }

    /// <summary>Reads both words as a reader does. False: not valid, and then they mean nothing.</summary>
    public bool TryRead(uint generation, out ulong first, out ulong second)
    {
        first = second = 0;
        if (!Lifetime.TryBeginRead(ref Word, ref Sequence, generation, out var sequence))
            return false;
        first = Content.Read(ref _words->First);
        second = Content.Read(ref _words->Second);
        return Lifetime.EndRead(ref Word, ref Sequence, generation, sequence);
    }

    public void Dispose() => NativeMemory.Free(_words);

    private struct Words
    {
        public ulong Word;
        public uint Sequence;
        public ulong First;
        public ulong Second;
    }
}
