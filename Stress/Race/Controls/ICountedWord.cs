namespace FolioRuntime.Race.Controls;

/// <summary>A published reference counter: what a control does with one word. Frozen, like everything in this folder.</summary>
internal interface ICountedWord
{
    /// <summary>What a word without an object holds.</summary>
    static abstract ulong Dead { get; }

    /// <summary>The object is written: make it visible with one reference.</summary>
    static abstract void Publish(ref ulong word);

    /// <summary>Takes a reference if the counter allows it.</summary>
    static abstract bool TryGet(ref ulong word);

    /// <summary>Reads the counter without taking a reference; 0 where there is no object.</summary>
    static abstract ulong References(ref ulong word);

    /// <summary>Drops a reference. True: the caller must destroy the object.</summary>
    static abstract bool Put(ref ulong word);
}
