using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

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
            rented = PopMany(handles);
            while (rented < handles.Length && TryRent(out handles[rented]))
            {
                rented++;
                rented += PopMany(handles[rented..]);
            }
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
        for (var i = _threadsOwnSlabs ? ReturnOwnMany(handles) : 0; i < handles.Length; i++, i += _threadsOwnSlabs ? ReturnOwnMany(handles[i..]) : 0)
        {
            if (ReturnOrMisuse(handles[i], throws: false) is not { } misuse)
                continue;
            first ??= misuse;
            wrong++;
        }

        if (first is not null)
            throw new InvalidOperationException($"{wrong} of {handles.Length} handles could not be returned, first: {first.Message}", first);
    }

    /// <summary>Rents as many as the thread's stack holds, in one section of it, where slots need no preparation. Returns how many.</summary>
    private int PopMany(Span<SlabHandle> handles)
    {
        var stack = ThreadTable.Find(_entry);
        if (!stack.Exists || _prepares || !stack.TryEnter())
            return 0;
        var slots = stack.PopManyInside(handles.Length);
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[slots.Length - 1 - i];
            handles[i] = new SlabHandle(slot, Publish(slot));
        }

        stack.Leave();
        GC.KeepAlive(this);
        return slots.Length;
    }

    /// <summary>Returns what is the calling thread's to return, up to the first that isn't or doesn't fit, in one section of its stack. Returns how many.</summary>
    private int ReturnOwnMany(ReadOnlySpan<SlabHandle> handles)
    {
        var stack = ThreadTable.Find(_entry);
        if (!stack.Exists || !stack.TryEnter())
            return 0;
        var returned = 0;
        while (returned < handles.Length && handles[returned] is var handle && handle.Index < _tables.SlotLimit && TryEndOwnInside(stack, handle.Index, handle.Generation))
            returned++;
        stack.Leave();
        GC.KeepAlive(this);
        return returned;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Publish(nuint slot) => Lifetime.PublishHeld(ref _tables.SlotWord(slot), _generations, _hold);
}
