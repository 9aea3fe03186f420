namespace FolioRuntime.Primitives;

/// <summary>The brief latch of the instrumented build: to a scheduler it is a latch like any other. What the shipping one does is tried by itself (<see cref="LatchBit"/>).</summary>
internal sealed class BriefLatch
{
    private readonly Latch _latch = new();

    public Latch.Scope Hold() => _latch.Hold();
}
