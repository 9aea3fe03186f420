using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <summary>What a logical thread is about to do, or did, to shared memory.</summary>
/// <param name="Operation">The kind of access.</param>
/// <param name="Address">The word; below zero, the identity of a latch or thread.</param>
/// <param name="LengthBytes">Bytes of content, for the two kinds that have a length; else 0.</param>
/// <param name="Awaited">For a wait: the words that were read since the last one, any of which ends it by changing.</param>
internal readonly record struct Access(SeamOperation Operation, nint Address, int LengthBytes = 0, nint[]? Awaited = null)
{
    public bool IsReadModifyWrite => Operation is SeamOperation.Add or SeamOperation.CompareExchange or SeamOperation.Or or SeamOperation.And or SeamOperation.Exchange;

    public bool IsContent => Operation is SeamOperation.ContentRead or SeamOperation.ContentWrite;

    public bool IsMemory => IsReadModifyWrite || IsContent || Operation is SeamOperation.LoadAcquire or SeamOperation.StoreRelease;

    /// <summary>Whether it may change the word: before it is made, a compare-exchange counts as one that will.</summary>
    public bool MayWrite => IsReadModifyWrite || Operation is SeamOperation.StoreRelease or SeamOperation.ContentWrite or SeamOperation.ThreadEnd;
}
