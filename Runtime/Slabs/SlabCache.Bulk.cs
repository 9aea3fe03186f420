namespace FolioRuntime.Slabs;

/// <content>Many at once.</content>
public sealed partial class SlabCache
{
    /// <summary>Rents as many objects as there is memory for, in order. Linux: <c>kmem_cache_alloc_bulk</c>.</summary>
    /// <param name="handles">Receives the handles; those past the returned number are left alone.</param>
    /// <returns>How many were rented. An exception of a constructor passes through after the ones rented before it were returned.</returns>
    public int TryRentMany(Span<SlabHandle> handles)
    {
        var rented = 0;
        try
        {
            while (rented < handles.Length && TryRent(out handles[rented]))
                rented++;
        }
        catch
        {
            ReturnMany(handles[..rented]);
            throw;
        }

        return rented;
    }

    /// <summary>Returns many objects. Every one that can be returned is, also when some can't. Linux: <c>kmem_cache_free_bulk</c>.</summary>
    /// <param name="handles">What a rent gave.</param>
    /// <exception cref="InvalidOperationException">At least one handle was stale, returned before, or not of this cache; the message names the first and their number.</exception>
    public void ReturnMany(ReadOnlySpan<SlabHandle> handles)
    {
        InvalidOperationException? first = null;
        var wrong = 0;
        foreach (var handle in handles)
        {
            if (TryReturnFast(handle))
                continue;
            var outcome = ReturnCore(handle.Index, handle.Generation);
            if (outcome <= Lifetimes.ReturnOutcome.Deferred)
                continue;
            var misuse = Misuse(handle.Index, handle.Generation, outcome);
            first ??= misuse;
            wrong++;
        }

        if (first is not null)
            throw new InvalidOperationException($"{wrong} of {handles.Length} handles could not be returned, first: {first.Message}", first);
    }
}
