namespace FolioRuntime.Primitives;

/// <summary>Hands each <see cref="ThreadStackSet"/> of the process a small positive number to index threads' tables by (<see cref="ThreadTable"/>). Numbers are reused.</summary>
internal static class ThreadStackSlots
{
    private static readonly Latch s_latch = new();
    private static readonly PriorityQueue<int, int> s_free = new();
    private static int s_next = 1;

    public static int Take()
    {
        using (s_latch.Hold())
            return s_free.TryDequeue(out var slot, out _) ? slot : s_next++;
    }

    public static void GiveBack(int slot)
    {
        using (s_latch.Hold())
            s_free.Enqueue(slot, slot);
    }
}
