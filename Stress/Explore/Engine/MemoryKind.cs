namespace FolioRuntime.Exploration.Engine;

/// <summary>What loads may see.</summary>
internal enum MemoryKind
{
    /// <summary>The newest value, always; and plain accesses that nothing orders are reported.</summary>
    Sequential,

    /// <summary>Older values too, where no release, fence or latch says otherwise (<see cref="ViewMemory"/>).</summary>
    Weak,
}
