using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <content>Returns that say which rent they end.</content>
public sealed partial class SlabObjectPool<T>
{
    /// <summary>
    /// The handle of the rent that an object is out for: its slot and generation, different each time it is got. For whoever has got the object, to return it by
    /// <see cref="TryReturn"/>. An object beyond those that the pool keeps has the default: it is got only once.
    /// </summary>
    /// <param name="item">What a get gave.</param>
    /// <param name="handle">Names this rent.</param>
    /// <returns>False: the object is not out, or not this pool's.</returns>
    public bool TryGetHandle(T item, out SlabHandle handle)
    {
        ArgumentNullException.ThrowIfNull(item);
        var isOut = _watches.TryGetValue(item, out var watch) && watch.Ticket.IsOut;
        handle = isOut ? new SlabHandle(watch!.Ticket.Handle.ToUInt64()) : default;
        return isOut;
    }

    /// <summary>
    /// As <see cref="Return"/>, but only if the object is still out for the rent that the handle names: an earlier user's return, made after somebody else got the object, is refused and reported as
    /// <see cref="ViolationKind.StaleReturn"/>, and theirs still succeeds. Throws nothing but for a null.
    /// </summary>
    /// <param name="item">What a get gave.</param>
    /// <param name="handle">What <see cref="TryGetHandle"/> gave for it then.</param>
    /// <returns>False: it was refused, and reported.</returns>
    public bool TryReturn(T item, SlabHandle handle)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!_watches.TryGetValue(item, out var watch))
        {
            ReportForeign();
            return false;
        }

        var rent = new SlabHandle<ulong>(handle.ToUInt64());
        if (watch.Ticket.TryClaim(rent))
        {
            TakeBack(item, watch);
            return true;
        }

        if (watch.Ticket.Handle == rent)
            ReportDouble(rent);
        else
            _violations.Report(ViolationKind.StaleReturn, _cache.Name, rent.Index, rent.Generation, "an object was returned to its pool by an earlier user, whose rent is over");
        return false;
    }
}
