namespace FolioRuntime.Primitives;

/// <summary>
/// Notices that a thread has ended: only the thread's static field holds it, so its finalizer runs afterwards, and has what the
/// thread kept in its stacks given back.
/// </summary>
internal sealed class ThreadExit
{
    /// <summary>The thread's stacks, by the slot of their set.</summary>
    public ThreadStack?[] Stacks { get; set; } = [];

    ~ThreadExit()
    {
        foreach (var stack in Stacks)
        {
            if (stack is not null && stack.Set.TryGetTarget(out var set))
                set.DrainEnded();
        }
    }
}
