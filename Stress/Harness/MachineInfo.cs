using System.Runtime.InteropServices;

namespace FolioRuntime.Harness;

/// <summary>What a run ran on: printed with every result, because figures without it say nothing.</summary>
public sealed record MachineInfo(int Processors, string System, string Architecture, string Framework, bool IsNativeAot)
{
    // A native executable loads no assemblies. RuntimeFeature can't tell: PublishAot sets its switches for ordinary builds too.
    public static MachineInfo ThisMachine { get; } = new(
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        RuntimeInformation.FrameworkDescription,
        AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null);

    public override string ToString() =>
        $"{Processors} processors, {Architecture}, {System}, {Framework}{(IsNativeAot ? ", native AOT" : "")}";
}
