namespace FolioRuntime.Platform;

/// <summary>Chooses the implementation at run time, so that one build serves every system.</summary>
internal static class VirtualMemory
{
    private static readonly Lazy<IVirtualMemory> s_native = new(Choose);
    private static readonly Lazy<INumaTopology> s_topology = new(() => OperatingSystem.IsLinux() ? LinuxNumaTopology.Read() : OneNode.Instance);

    /// <summary>The native memory of the system that runs this process; always the same object.</summary>
    /// <exception cref="PlatformNotSupportedException">None of Linux, Windows and macOS.</exception>
    public static IVirtualMemory ForThisSystem() => s_native.Value;

    /// <summary>The nodes of memory of this machine, as far as its system tells; read once.</summary>
    public static INumaTopology TopologyOfThisSystem() => s_topology.Value;

    private static IVirtualMemory Choose()
    {
        if (OperatingSystem.IsLinux())
            return new LinuxVirtualMemory();
        if (OperatingSystem.IsWindows())
            return new WindowsVirtualMemory();
        if (OperatingSystem.IsMacOS())
            return new MacVirtualMemory();
        throw new PlatformNotSupportedException("Native memory is implemented for Linux, Windows and macOS.");
    }
}
