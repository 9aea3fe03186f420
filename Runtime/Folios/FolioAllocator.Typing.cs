using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <content>
/// Folios with a type, whose destructor is run when they go, whoever has the last hold: an owner, or somebody who only tried a stale handle.
/// <code>
///   last hold dropped: the CAS that ends the generation ─ won ─► frame's record: type, key ─► destructor ─► frames free
/// </code>
/// L1: the record is read after the CAS is won, and not before. Type and key stay the same from before anybody can find the folio until then. Order: they are released with the word of the index by which it is found; and each
/// hold is dropped by an add to the lifetime word, a full fence, so whoever drops the last sees them.   [cache-type-…]
/// </content>
public sealed partial class FolioAllocator
{
    internal const uint NoType = 0;

    private readonly Latch _typesLatch = new();

    // By number. Replaced as a whole under the latch; an old array still has all types that have a folio. A number is never given to another type.
    private IFolioType?[] _types = [null];

    /// <summary>Gives a type its number.</summary>
    internal uint AddType(IFolioType type)
    {
        using (_typesLatch.Hold())
        {
            IFolioType?[] types = [.. _types, type];
            Atomics.StoreRelease(ref _types, types);
            return (uint)types.Length - 1;
        }
    }

    /// <summary>Forgets a type that has no folio, and gets none.</summary>
    internal void RemoveType(uint type)
    {
        using (_typesLatch.Hold())
        {
            IFolioType?[] types = [.. _types];
            types[type] = null;
            Atomics.StoreRelease(ref _types, types);
        }
    }

    /// <summary>From here on the folio ends by a type's destructor. By whoever fills it, whom alone its handle is known to.</summary>
    internal void SetType(FolioHandle handle, uint type, long key)
    {
        ref var frame = ref _frames.Frame(handle.Frame);
        frame.PageKey = key;
        frame.PageType = type;
    }

    /// <summary>Whether a folio that the caller has a reference on is of a type, and which one of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsOfType(FolioHandle handle, uint type, out long key)
    {
        ref var frame = ref _frames.Frame(handle.Frame);
        key = frame.PageKey;
        return frame.PageType == type;
    }

    /// <summary>Reports what foreign code threw at the end of something, where nobody is to blame who could catch it.</summary>
    internal void ReportThrown(string what, Exception exception) => _violations.Report(ViolationKind.DestructorThrew, what, 0, 0, exception.Message, exception);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Destruct(ref PageFrame frame, FolioHandle handle)
    {
        var type = Atomics.LoadAcquire(ref _types)[frame.PageType]!;
        frame.PageType = NoType;
        try
        {
            type.Destruct(frame.PageKey, Memory(handle.Frame, new PageOrder(frame.Order)));
        }
#pragma warning disable CA1031 // Whoever happens to end a folio's life is not to blame for its destructor: the exception is reported.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _violations.Report(ViolationKind.DestructorThrew, type.Name, handle.Frame, handle.Generation, exception.Message, exception);
        }
    }
}
