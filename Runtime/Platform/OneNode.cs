namespace FolioRuntime.Platform;

/// <summary>A machine whose memory is all alike, or a system that isn't asked.</summary>
internal sealed class OneNode : INumaTopology
{
    public static INumaTopology Instance { get; } = new OneNode();

    public int NodeCount => 1;

    public int CurrentNode => 0;

    public int SystemNumber(int node) => 0;

    public int Distance(int from, int to) => 10;
}
