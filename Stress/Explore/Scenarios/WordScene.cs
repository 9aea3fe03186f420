using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A lifetime word in memory that doesn't move, and what its threads do to it.</summary>
internal sealed unsafe class WordScene : IDisposable
{
    private readonly ulong* _word = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));

    public WordScene(int generationBits) => Space = new GenerationSpace(generationBits, 1);

    public GenerationSpace Space { get; }

    /// <summary>The generation published last.</summary>
    public uint Generation { get; set; }

    /// <summary>How often somebody was told to destroy.</summary>
    public int Destroyed { get; set; }

    // SAFETY: allocated with this object and freed when the execution is over.
    public ref ulong Word => ref *_word;

    public string State => $"{new LifetimeWord(*_word)}, destroyed {Destroyed}";

    public Dictionary<nint, (string Name, Func<ulong, string>? Show)> Names => new() { [(nint)_word] = ("word", Explorer.ShowWord) };

    public void Dispose() => NativeMemory.Free(_word);
}
