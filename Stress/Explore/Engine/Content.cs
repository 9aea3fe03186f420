using System.Runtime.CompilerServices;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// What the users of an object do to its memory, as steps: relaxed loads and stores, which weak memory may show out of order. The word must not move:
/// native or pinned memory.
/// </summary>
internal static class Content
{
    // SAFETY: the address is compared, never dereferenced.
    public static unsafe ulong Read(ref ulong word)
    {
        if (Scheduler.Running is not { } scheduler)
            return word;
        var address = (nint)Unsafe.AsPointer(ref word);
        return scheduler.ReadContent(address, sizeof(ulong), () => *(ulong*)address);
    }

    // SAFETY: the word doesn't move, says the contract, so its address is good for the store.
    public static unsafe void Write(ref ulong word, ulong value)
    {
        if (Scheduler.Running is not { } scheduler)
        {
            word = value;
            return;
        }

        var address = (nint)Unsafe.AsPointer(ref word);
        scheduler.WriteContent(address, sizeof(ulong), word, value, () => *(ulong*)address = value);
    }
}
