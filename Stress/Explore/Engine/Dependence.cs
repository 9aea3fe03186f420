using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// Which accesses of different threads can tell in which order they were made. Two that can't are never tried in both orders.
/// Must err on the side of "can": an order that is wrongly thought not to matter is an execution that is never seen.
/// </summary>
/// <param name="weak">Under weak memory read-modify-writes are fences, and a fence meets every other one.</param>
internal sealed class Dependence(bool weak)
{
    public bool Between(in Step first, in Step second) => Between(first.Access, first.Wrote, second.Access, second.Wrote);

    public bool Between(in Access pending, in Step made) => Between(pending, pending.MayWrite, made.Access, made.Wrote);

    private bool Between(in Access a, bool aWrites, in Access b, bool bWrites)
    {
        if (a.Operation == SeamOperation.Spin || b.Operation == SeamOperation.Spin)
            return (aWrites && IsAwaitedBy(b, a.Address)) || (bWrites && IsAwaitedBy(a, b.Address));
        if (a.Operation == SeamOperation.LatchEnter || b.Operation == SeamOperation.LatchEnter)
            return a.Operation == b.Operation && a.Address == b.Address;
        if (a.Operation is SeamOperation.ThreadState or SeamOperation.ThreadEnd || b.Operation is SeamOperation.ThreadState or SeamOperation.ThreadEnd)
            return a.Address == b.Address && a.Operation != b.Operation;
        if (weak && IsFence(a) && (IsFence(b) || a.Operation == SeamOperation.ProcessWideBarrier || b.Operation == SeamOperation.ProcessWideBarrier))
            return true;
        if (weak && b.Operation == SeamOperation.ProcessWideBarrier)
            return true;
        return (aWrites || bWrites) && a.IsMemory && b.IsMemory && Overlap(a, b);
    }

    private static bool IsFence(in Access access) => access.IsReadModifyWrite || access.Operation == SeamOperation.ProcessWideBarrier;

    private static bool IsAwaitedBy(in Access wait, nint address) => wait.Awaited is { } awaited && Array.IndexOf(awaited, address) >= 0;

    private static bool Overlap(in Access a, in Access b) =>
        a.Address == b.Address
        || ((a.IsContent || b.IsContent) && a.Address < b.Address + Math.Max(1, b.LengthBytes) && b.Address < a.Address + Math.Max(1, a.LengthBytes));
}
