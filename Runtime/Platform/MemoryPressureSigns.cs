namespace FolioRuntime.Platform;

/// <summary>What says that memory is short.</summary>
[Flags]
internal enum MemoryPressureSigns
{
    None = 0,

    /// <summary>The garbage collector found the machine's, or the container's, memory load high at its last collection.</summary>
    Collector = 1,

    /// <summary>A control group that the process is in is close to its limit.</summary>
    ControlGroup = 2,

    /// <summary>Tasks have been waiting for memory. Linux: pressure stall information.</summary>
    Stall = 4,
}
