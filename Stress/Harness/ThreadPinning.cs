using System.Runtime.InteropServices;

namespace FolioRuntime.Harness;

/// <summary>Keeps the calling thread on one processor, so that a curve over threads is one over processors. On Linux; elsewhere the system places threads as it likes.</summary>
public static partial class ThreadPinning
{
    private const int MaskWords = 64;

    private static readonly Lazy<int[]> s_allowed = new(Allowed);

    /// <summary>Whether threads can be pinned here.</summary>
    public static bool IsSupported => s_allowed.Value.Length > 0;

    /// <summary>Pins the calling thread to the processor of a worker: the first worker to the first that this process may use, and so on, round and round.</summary>
    public static void PinToProcessorOf(int worker)
    {
        var allowed = s_allowed.Value;
        if (allowed.Length == 0)
            return;
        var processor = allowed[worker % allowed.Length];
        Span<ulong> mask = stackalloc ulong[MaskWords];
        mask.Clear();
        mask[processor / 64] = 1ul << (processor % 64);
        SetAffinity(0, MaskWords * sizeof(ulong), mask);
    }

    /// <summary>Lets the calling thread run on every processor again that this process may use.</summary>
    public static void Unpin()
    {
        Span<ulong> mask = stackalloc ulong[MaskWords];
        mask.Clear();
        foreach (var processor in s_allowed.Value)
            mask[processor / 64] |= 1ul << (processor % 64);
        if (IsSupported)
            SetAffinity(0, MaskWords * sizeof(ulong), mask);
    }

    private static int[] Allowed()
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var mask = new ulong[MaskWords];
        if (GetAffinity(0, MaskWords * sizeof(ulong), mask) < 0)
            return [];
        return [.. Enumerable.Range(0, MaskWords * 64).Where(processor => (mask[processor / 64] & (1ul << (processor % 64))) != 0)];
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint maskBytes, ReadOnlySpan<ulong> mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint maskBytes, Span<ulong> mask);
}
