extern alias instrumented;

using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: what one thread has in <see cref="WrongOwners"/>: free slots and messages of its own inside its section, and, under the pool's latch, what
/// others sent it.
/// </summary>
internal sealed class WrongOwner(Thread thread)
{
    public Thread Thread { get; } = thread;

    public Latch Section { get; } = new();

    public Stack<uint> Free { get; } = new();

    public List<ulong> Outbox { get; } = [];

    public List<ulong> Inbox { get; } = [];
}
