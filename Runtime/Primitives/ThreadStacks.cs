namespace FolioRuntime.Primitives;

/// <summary>
/// The stacks of one thread, by the slot of their set. Only the thread's static field holds it, so its finalizer runs
/// after the thread ended: it then has the items given back.
/// </summary>
internal sealed class ThreadStacks
{
    /// <summary>Indexed by the set's slot; an entry may be that of an earlier set which had the slot.</summary>
    public ThreadStack?[] BySlot { get; private set; } = new ThreadStack?[8];

    ~ThreadStacks()
    {
        foreach (var stack in BySlot)
        {
            if (stack is not null && stack.Set.TryGetTarget(out var set))
                set.DrainEnded();
        }
    }

    public void Put(int slot, ThreadStack stack)
    {
        if (slot >= BySlot.Length)
        {
            var larger = new ThreadStack?[Math.Max(slot + 1, 2 * BySlot.Length)];
            BySlot.CopyTo(larger, 0);
            BySlot = larger;
        }

        BySlot[slot] = stack;
    }
}
