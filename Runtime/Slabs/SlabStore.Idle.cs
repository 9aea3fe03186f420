namespace FolioRuntime.Slabs;

/// <content>Giving up empty slabs that nobody needed.</content>
internal sealed partial class SlabStore
{
    /// <summary>
    /// Gives back the empty slabs that were more than was needed at any moment since the last call, the longest empty first, unless the cache keeps them whatever
    /// happens. A cache that fills and empties again and again keeps what it needs for that.
    /// </summary>
    public void ReleaseIdle()
    {
        using (_latch.Hold())
        {
            // Ends: each turn counts, and takes a slab off the list or finds damage and makes the lists anew without it.
            for (var unneeded = KeepsAll ? 0 : _empty.FewestInInterval; unneeded > 0 && _empty.Count > 0; unneeded--)
            {
                var head = _empty.Last;
                if (TryCheck(head) && TryCheckLinks(_empty, head))
                    ReleaseUnsynchronized(head, ref _tables.Header(head));
            }

            _empty.BeginInterval();
        }

        ReportFound();
    }
}
