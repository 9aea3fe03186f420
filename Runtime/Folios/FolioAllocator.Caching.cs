using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <content>What a page cache does with folios that others may not.</content>
public sealed partial class FolioAllocator
{
    /// <summary>As <see cref="TryAllocate"/>, of one frame that isn't zeroed: the caller overwrites all of it before anybody else sees it.</summary>
    internal bool TryAllocateToFill(out FolioReference folio)
    {
        folio = default;
        if (!TryTakeAndPrepare(new PageOrder(0), zero: false, out var number))
            return false;
        folio = new FolioReference(this, new FolioHandle(number, Lifetime.PublishReferenced(ref _frames.Frame(number).Word, _generations)));
        GC.KeepAlive(this);
        return true;
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
