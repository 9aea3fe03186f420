using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <content>What a page cache does with folios that others may not.</content>
public sealed partial class FolioAllocator
{
    /// <summary>As <see cref="TryAllocate"/>, of one frame that isn't zeroed, and with several references: the caller overwrites all of it before anybody else sees it.</summary>
    internal bool TryAllocateToFill(uint references, out FolioReference folio)
    {
        folio = default;
        if (!TryTakeAndPrepare(new PageOrder(0), zero: false, out var number))
            return false;
        folio = new FolioReference(this, new FolioHandle(number, Lifetime.PublishReferenced(ref _frames.Frame(number).Word, _generations, references)));
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>
    /// Ends a frozen folio of one frame and begins the frame's next life at once, as if it had gone through the allocator: freed as <see cref="FreeFrozen"/> does, and published as
    /// <see cref="TryAllocateToFill"/> does. False: its generations are spent; it is still frozen.   [cache-… scenarios]
    /// </summary>
    internal bool TryReviveFrozen(FolioHandle handle, uint references, out FolioReference folio)
    {
        folio = default;
        if (handle.Generation == _generations.Last)
            return false;
        RequireFrozen(handle);
        ref var frame = ref _frames.Frame(handle.Frame);
        Lifetime.FreeFrozen(ref frame.Word, handle.Generation);
        Prepare(ref frame, FolioFlags.None);
        folio = new FolioReference(this, new FolioHandle(handle.Frame, Lifetime.PublishReferenced(ref frame.Word, _generations, references)));
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>
    /// As <see cref="Read"/>, of a folio of one frame, by a handle that this runtime has issued and a range within the frame. False: for any reason; what was copied then means nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe bool TryReadFrame(FolioHandle handle, int offsetBytes, Span<byte> copy)
    {
        ref var frame = ref _frames.Frame(handle.Frame);
        if (!Lifetime.TryBeginRead(ref frame.Word, ref frame.Sequence, handle.Generation, out var sequence))
            return false;

        // SAFETY: the frame lies in committed data, which stays readable and mapped while this object is reachable. Whose content it is EndRead says.
        ContentCopy.Copy(new ReadOnlySpan<byte>((void*)(_pages.Arena.Address(new FrameNumber(handle.Frame)) + offsetBytes), copy.Length), copy);
        var isValid = Lifetime.EndRead(ref frame.Word, ref frame.Sequence, handle.Generation, sequence);
        GC.KeepAlive(this);
        return isValid;
    }

    /// <summary>Whether the folio can be got at this moment: not freed, not frozen. The handle is one of this runtime's.</summary>
    internal bool IsAlive(FolioHandle handle)
    {
        var word = Lifetime.Load(ref _frames.Frame(handle.Frame).Word);
        GC.KeepAlive(this);
        return word.IsLiveAt(handle.Generation);
    }

    /// <summary>Counted references at this moment, those of gets that are about to fail included. For tests.</summary>
    internal uint ReferencesOf(FolioHandle handle)
    {
        var word = Lifetime.Load(ref _frames.Frame(handle.Frame).Word);
        GC.KeepAlive(this);
        return word.Generation == handle.Generation ? word.References : 0;
    }

    /// <summary>The number that a page cache has given the folio. The caller has a reference, or knows that the frame isn't freed.</summary>
    internal ref uint CachePageOf(FolioHandle handle) => ref _frames.Frame(handle.Frame).CachePage;

    /// <summary>What stands where a page cache notes its number, for a frame of any use. Any value, from any frame.</summary>
    [Glance("The frame may be anybody's; the caller checks what the number leads to.")]
    internal uint CachePageIn(uint frame)
    {
        var page = frame < _frames.CommittedFrames ? _frames.Frame(frame).CachePage : uint.MaxValue;
        GC.KeepAlive(this);
        return page;
    }
}
