using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <content>Who has owners of folios. Of handles and references nothing is known: a page cache, for one, holds what it holds for as long as it likes.</content>
public sealed partial class FolioAllocator
{
    /// <summary>Who allocated owners; null: leaks aren't looked for.</summary>
    internal LifeTracks? Tracks { get; }

    private FolioOwner OwnerOf(FolioHandle folio, PageOrder order)
    {
        Tracks?.Rented(folio.Frame, folio.Generation);
        return new FolioOwner(this, folio, checked((int)order.Bytes), Tracks?.Watch(folio.Frame, folio.Generation));
    }

    private static LifeTracks TracksOf(FrameTable frames, GenerationSpace generations, ViolationLog violations, FolioAllocatorOptions options) =>
        new(index => Lifetime.Load(ref frames.Frame(index).Word), generations, violations, options.Time)
        {
            Subject = Subject,
            TypeName = nameof(FolioOwner),
            Leaks = options.Leaks,
        };
}
