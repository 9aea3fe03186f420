namespace FolioRuntime.Primitives;

/// <summary>Hands each <see cref="ThreadStackSet"/> of the process a small number to index threads' arrays by. Numbers are reused; sets are told apart by their identity.</summary>
internal static class ThreadStackSlots
{
    private static readonly Latch s_latch = new();
    private static readonly PriorityQueue<int, int> s_free = new();
    private static int s_next;

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
