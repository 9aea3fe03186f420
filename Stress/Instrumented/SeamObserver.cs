namespace FolioRuntime.Primitives;

/// <summary>
/// Is told of every access through the seam, on the thread that makes it, before and after. It may pause, block or record;
/// it must not call into the runtime.
/// </summary>
internal abstract class SeamObserver
{
    /// <summary>The observer of all threads; null: the seam only does its work. Set it while no other thread is inside.</summary>
    public static SeamObserver? Current { get; set; }

    /// <summary>Whether only one thread moves at a time, and which one is the observer's matter: the seam then neither spins nor interrupts processors.</summary>
    public virtual bool WaitsForThreads => false;

    /// <summary>What stands for a thread's state where an address would stand.</summary>
    public static nint IdentityOf(Thread thread) => nint.MinValue + thread.ManagedThreadId;

    /// <summary>About to make the access. The address is 0 where there is none, and below zero, an identity, for a latch or a thread.</summary>
    public virtual void Before(SeamOperation operation, nint address)
    {
    }

    /// <summary>Made it; 64-bit view of the value before and after; of references their numbers, or 0 where they have none.</summary>
    public virtual void After(SeamOperation operation, nint address, ulong before, ulong after)
    {
    }

    /// <summary>What a load gives its caller: what is there, or what was there before, as a weaker memory may show it. Between before and after.</summary>
    public virtual ulong Loaded(nint address, ulong value) => value;

    /// <summary>Whether references have numbers: their loads then are asked for by <see cref="Loaded"/> like all others.</summary>
    public virtual bool NumbersReferences => false;

    /// <summary>What stands for an object, as long as references are compared; 0 for none.</summary>
    public virtual ulong NumberOf(object? reference) => 0;

    /// <summary>The object that a number stands for.</summary>
    public virtual object? Numbered(ulong number) => null;

    /// <summary>Whether a thread counts as running; null: as it is.</summary>
    public virtual bool? IsAlive(Thread thread) => null;

    /// <summary>About to read a field, an element or what a pointer leads to, without the seam. Only in a woven build.</summary>
    public virtual void PlainRead(nint address, int sizeBytes, string what)
    {
    }

    /// <summary>About to write likewise.</summary>
    public virtual void PlainWrite(nint address, int sizeBytes, string what)
    {
    }

    /// <summary>About to copy content out of a folio that the reader doesn't hold.</summary>
    public virtual void ContentRead(nint sourceAddress, int sizeBytes)
    {
    }

    /// <summary>Whether a few words of content are copied one by one, by the two members below.</summary>
    public virtual bool CopiesWords => false;

    /// <summary>Reads a word of content.</summary>
    public virtual ulong ReadWord(nint address, Func<ulong> read) => read();

    /// <summary>Writes a word of content that others may read meanwhile.</summary>
    public virtual void WriteWord(nint address, ulong before, ulong after, Action write) => write();

    /// <summary>About to write content that others may read meanwhile.</summary>
    public virtual void ContentWrite(nint destinationAddress, int sizeBytes)
    {
    }
}
