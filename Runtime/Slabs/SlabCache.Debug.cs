using FolioRuntime.Lifetimes;

namespace FolioRuntime.Slabs;

/// <content>What debug options add to the ways of a slot. Without them nothing here is called on the way of a rent or return.</content>
public sealed partial class SlabCache
{
    private long RentedGuarded => _guards?.Rented ?? 0;

    /// <summary>
    /// Checks all slabs, while the cache is in use or not: headers, free lists and the words of free slots; with <see cref="SlabDebugOptions.RedZones"/> and
    /// <see cref="SlabDebugOptions.Poison"/> also what they put there. A damaged slab is reported and quarantined, so the same damage is found once.
    /// Linux: <c>validate_slab_cache</c>.
    /// </summary>
    /// <returns>How many problems were found, each of them reported.</returns>
    public int Validate()
    {
        var found = new List<SlabDamage>();
        _guards?.FindAllDamage(found);
        found.ForEach(_reporter.ReportDamage);
        return found.Count + _store.Validate();
    }

    /// <summary>Reports misuse that an adapter found, with what is known of the slot.</summary>
    internal void Report(ViolationKind kind, SlabHandle handle, string detail) => _reporter.Report(kind, handle.Index, handle.Generation, detail);

    /// <summary>Takes a guarded slot instead, if it is this rent's turn, or checks the slot and paints it as rented; takes the next if it is damaged.</summary>
    private bool TryBeginDebugging(uint taken, out uint index)
    {
        if (_guards is not null && _guards.TrySample(out index))
        {
            FreeUnused(taken);
            return true;
        }

        index = taken;

        // Ends: each turn quarantines a slab. The damaged slot stays taken for good.
        while (_debug is not null && !_debug.TryBegin(index, out var damage))
        {
            _store.Quarantine(damage);
            _traffic.Returned();
            if (!TryRefill(_stacks.Current, out index))
                return false;
        }

        return true;
    }

    /// <summary>Looks for damage around an object whose life the caller has just ended, before anything changes it.</summary>
    private void CheckEnding(uint index, uint generation)
    {
        _reporter.Tracks?.Ended(index, generation);
        if (_guards is not null && _guards.IsGuarded(index))
        {
            if (_guards.TryFindDamage(index, out var found))
                _reporter.ReportDamage(found);
        }
        else if (_debug is not null && _debug.TryFindDamage(index, out var damage))
        {
            _store.Quarantine(damage);
        }
    }

    /// <summary>Paints a slot as free before anybody else can take it.</summary>
    private void EndDebugging(uint index)
    {
        if (_debug is not null && _guards?.IsGuarded(index) != true)
            _debug.End(index);
    }

    private bool TryGiveGuarded(uint index)
    {
        if (_guards is null || !_guards.IsGuarded(index))
            return false;
        _guards.Give(index);
        _traffic.Returned();
        if (IsDisposed)
            ForgetIfGone();
        return true;
    }

    private void CloseDebugging()
    {
        if (_debug is not null || _guards is not null)
            Validate();
        _guards?.Close();
    }

    /// <summary>The slot at an index, or else the one nearest to it; null if there is none.</summary>
    private uint? NearestSlot(uint index) => _store.NearestSlot(index) ?? _guards?.NearestSlot(index);
}
