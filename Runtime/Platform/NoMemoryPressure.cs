namespace FolioRuntime.Platform;

/// <summary>For systems that are asked nothing.</summary>
internal sealed class NoMemoryPressure : IMemoryPressure
{
    /// <inheritdoc/>
    public MemoryPressureSigns Read() => MemoryPressureSigns.None;
}
