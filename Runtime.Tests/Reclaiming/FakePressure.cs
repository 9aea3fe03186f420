using FolioRuntime.Platform;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>Signs of short memory as a test sets them.</summary>
internal sealed class FakePressure : IMemoryPressure
{
    public MemoryPressureSigns Signs { get; set; }

    /// <summary>Called at each reading.</summary>
    public Action? Reading { get; set; }

    public int Reads { get; private set; }

    public MemoryPressureSigns Read()
    {
        Reads++;
        Reading?.Invoke();
        return Signs;
    }
}
