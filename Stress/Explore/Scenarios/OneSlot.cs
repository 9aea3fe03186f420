using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A slot that objects of two types live in, one after the other, under the shipping lifetime word: the smallest world in which all that can go
/// wrong with the word does harm. Whoever ends an object dispatches its destructor from the header in the slot, wrecks the content and frees the slot.
/// <code>
///   word       the lifetime word
///   free       1: nobody has the slot. Taken by a compare-exchange, given back by a release store
///   sequence   the content sequence
///   stamp      content, and the header: generation, type and version of the object
///   echo       content: the same again, so that a torn copy shows
/// </code>
/// Every scene starts after one life, so that a stale handle is about: generation 1 is over, 2 is <see cref="Current"/>, 3 is yet to come.
/// </summary>
internal sealed unsafe partial class OneSlot : IDisposable
{
    private readonly Memory* _memory = (Memory*)NativeMemory.AllocZeroed((nuint)sizeof(Memory));
    private readonly List<SlotLife> _lives = [];
    private readonly uint _spent;

    public OneSlot(int generationBits)
    {
        Space = new GenerationSpace(generationBits, 1);
        _spent = (1u << generationBits) - 1;
        Free = 1;

        // Nothing is required here: what is wrong must show in an execution.
        Prepare();
        PublishReferenced();
        Lifetime.Put(ref Word, Previous);
        _lives[0].Ends = 1;
        _lives[0].DestroyedAs = _lives[0].Type;
        Stamp = _lives[0].Wreck;
        Free = 1;
    }

    public GenerationSpace Space { get; }

    public uint Previous => Space.First;

    public uint Current => Space.First + 1;

    public uint Future => Space.First + 2;

    /// <summary>Whether something freezes objects in this scene, so that others may be told so.</summary>
    public bool IsFrozenAtTimes { get; init; }

    /// <summary>References that nobody in the scene puts: they are put when it is over.</summary>
    public uint Bystanders { get; private set; }

    // SAFETY: the memory lives as long as this object, and the execution ends before that.
    public ref ulong Word => ref _memory->Word;

    public ref uint Sequence => ref _memory->Sequence;

    /// <summary>Where a thread may leave a handle for the others.</summary>
    public ref uint Mail => ref _memory->Mail;

    public ref ulong Stamp => ref _memory->Stamp;

    public ref ulong Echo => ref _memory->Echo;

    private ref ulong Free => ref _memory->Free;

    public Dictionary<nint, (string Name, Func<ulong, string>? Show)> Names => new()
    {
        [(nint)(&_memory->Word)] = ("word", Explorer.ShowWord),
        [(nint)(&_memory->Free)] = ("free", null),
        [(nint)(&_memory->Sequence)] = ("sequence", null),
        [(nint)(&_memory->Mail)] = ("mail", null),
        [(nint)(&_memory->Stamp)] = ("stamp", SlotLife.Show),
        [(nint)(&_memory->Echo)] = ("echo", SlotLife.Show),
    };

    public string State => $"{new LifetimeWord(_memory->Word)}, {string.Join("; ", _lives.Select(life => $"{life.Type} owned {life.IsOwned}, version {life.Version}"))}";

    public SlotLife LifeOf(uint generation) => _lives[(int)(generation - Space.First)];

    /// <summary>The life of this generation, if there has been one.</summary>
    public SlotLife? FindLife(uint generation) =>
        generation - Space.First < (uint)_lives.Count ? LifeOf(generation) : null;

    /// <summary>Takes the slot, if it is free, and writes an object into it that nobody can see yet.</summary>
    public SlotLife? TryAllocate(char type)
    {
        if (Atomics.CompareExchange(ref Free, 0, 1) != 1)
            return null;
        var life = new SlotLife(Space.First + (uint)_lives.Count, type);
        _lives.Add(life);
        Content.Write(ref Stamp, life.Stamp);
        Content.Write(ref Echo, life.Stamp);
        return life;
    }

    /// <summary>The object written last has been published, in this very step.</summary>
    public SlotLife Published(uint issued)
    {
        var life = _lives[^1];
        life.Issued = issued;
        life.IsPublished = true;
        return life;
    }

    /// <summary>Destroys the object of this generation: its caller has been told to.</summary>
    public void End(uint generation)
    {
        var life = FindLife(generation);
        Requirement.That(life is { IsPublished: true }, "L1: what is destroyed has lived");
        Requirement.That(++life.Ends == 1, $"L1: {life.Type} of generation {generation} is destroyed {life.Ends} times");
        var header = Content.Read(ref Stamp);
        Requirement.That(life.IsIn(header), $"L1: destroying {SlotLife.Show(life.Stamp)}, its header says {SlotLife.Show(header)}");
        life.DestroyedAs = SlotLife.TypeIn(header);
        Content.Write(ref Stamp, life.Wreck);
        if (!Space.IsRetired(LifetimeWord.Dead(generation).Freed))
            Atomics.StoreRelease(ref Free, 1);
    }

    public void Dispose() => NativeMemory.Free(_memory);

    private struct Memory
    {
        public ulong Word;
        public ulong Free;
        public ulong Stamp;
        public ulong Echo;
        public uint Sequence;
        public uint Mail;
    }
}
