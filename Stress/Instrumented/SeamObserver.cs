namespace FolioRuntime.Primitives;

/// <summary>
/// Is told of every access through the seam, on the thread that makes it, before and after. It may pause, block or record;
/// it must not call into the runtime.
/// </summary>
internal abstract class SeamObserver
{
    /// <summary>The observer of all threads; null: the seam only does its work. Set it while no other thread is inside.</summary>
    public static SeamObserver? Current { get; set; }

    /// <summary>About to make the access. The address is 0 where there is none.</summary>
    public virtual void Before(SeamOperation operation, nint address)
    {
    }

    /// <summary>Made it; 64-bit view of the value before and after.</summary>
    public virtual void After(SeamOperation operation, nint address, ulong before, ulong after)
    {
    }
}
