using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Race.Files;

/// <summary>
/// A small runtime, and in it the pieces of files that are resident: bytes in folios of several orders and in small objects, and
/// index nodes that own them. Slabs are as small as they get and no empty one is kept, so that pages go round among the three.
/// <code>
///   resident ring ──► node ──► folio, or small object        evicted ──► stale ring: handles that must never work again
/// </code>
/// </summary>
internal sealed class PieceStore : IDisposable
{
    private const int StaleCells = 4096;
    private const int BytesPerResidentCell = 8192;
    private const int FewestCells = 16;
    private const int MostCells = 1 << 16;

    private const int UseAsFolio = 1;
    private const int UseAsNodes = 2;
    private const int UseAsInline = 3;

    private readonly int[] _lastUse;

    public PieceStore(long capacityBytes, int generationBits)
    {
        Pool = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = capacityBytes, GenerationBits = generationBits });
        var small = new SlabCacheOptions { SlabOrder = 0, ThreadCacheCapacity = 4, EmptySlabsKept = 0 };
        Inlines = Pool.CreateCache<InlineBytes>("inline-bytes", small);
        Nodes = Pool.CreateCache<IndexNode>("index-node", small, destructor: Release);
        Resident = new PieceRing((int)Math.Clamp(capacityBytes / BytesPerResidentCell, FewestCells, MostCells));
        Stale = new PieceRing(StaleCells);
        _lastUse = new int[Pool.Pages.Frames.FrameCount];
    }

    public PoolRuntime Pool { get; }

    public FolioAllocator Folios => Pool.Folios;

    public SlabCache<IndexNode> Nodes { get; }

    public SlabCache<InlineBytes> Inlines { get; }

    public PieceRing Resident { get; }

    public PieceRing Stale { get; }

    /// <summary>Takes a folio, or nothing when there is no room. Counts the frames that were something else before.</summary>
    public bool TryRentFolio(PageOrder order, FilesTally tally, out FolioHandle folio)
    {
        if (!Folios.TryRent(order, out folio))
            return false;
        for (var i = 0u; i < order.FrameCount; i++)
            Mark(folio.Frame + i, UseAsFolio, tally);
        return true;
    }

    public bool TryRentInline(FilesTally tally, out SlabHandle<InlineBytes> inline)
    {
        if (!Inlines.TryRent(out inline))
            return false;
        Mark(inline.Index >> Pool.Pages.Frames.SlotShift, UseAsInline, tally);
        return true;
    }

    public bool TryRentNode(IndexNode content, FilesTally tally, out SlabHandle<IndexNode> node)
    {
        if (!Nodes.TryRent(out node))
            return false;
        Mark(node.Index >> Pool.Pages.Frames.SlotShift, UseAsNodes, tally);
        Nodes.ValueOf(node) = content;
        return true;
    }

    /// <summary>
    /// Ends a piece that the caller took out of the ring. Its handles count as stale once they were refused: somebody may still
    /// hold it for a moment, but what was refused once is refused for ever (L3).
    /// </summary>
    public void Evict(Piece piece, FilesTally tally)
    {
        Nodes.Return(piece.Node);
        tally.Evicted++;
        if (!IsResolved(piece))
            Stale.Post(piece);
    }

    /// <summary>Whether any of a piece's handles still leads somewhere.</summary>
    public bool IsResolved(Piece piece)
    {
        var resolved = Nodes.TryGet(piece.Node, out var node);
        node.Dispose();
        if (piece.IsInFolio)
        {
            resolved |= Folios.Get(piece.Folio, out var folio) != FolioOutcome.Stale;
            folio.Dispose();
        }
        else
        {
            resolved |= Inlines.TryGet(piece.Inline, out var inline);
            inline.Dispose();
        }

        return resolved;
    }

    /// <summary>Evicts everything. Returns the frames that are in use all the same: 0 unless some were lost (L8).</summary>
    public long EvictAll(FilesTally tally)
    {
        while (Resident.Take() is { } piece)
            Evict(piece, tally);
        Pool.Trim();
        return Pool.Pages.AllocatedFrames;
    }

    public void Dispose() => Pool.Dispose();

    /// <summary>The destructor of index nodes: runs on whoever lets go last.</summary>
    private void Release(ref IndexNode node)
    {
        if (node.Folio.IsValid)
            Folios.Return(node.Folio);
        else
            Inlines.Return(node.Inline);
    }

    private void Mark(uint frame, int use, FilesTally tally)
    {
        if (Volatile.Read(ref _lastUse[frame]) == use)
            return;
        if (Interlocked.Exchange(ref _lastUse[frame], use) is not 0 and var before && before != use)
            tally.Retyped++;
    }
}
