using FolioRuntime.Platform;

namespace FolioRuntime.Tests.Pages;

/// <summary>Nodes in a row, each as far from another as there are steps between; each thread is where the test puts it, or on the first.</summary>
internal sealed class FakeTopology(int nodes) : INumaTopology
{
    [ThreadStatic]
    private static int s_node;

    public int NodeCount => nodes;

    public int CurrentNode => s_node;

    /// <summary>The system's numbers have gaps.</summary>
    public int SystemNumber(int node) => 2 * node;

    public int Distance(int from, int to) => 10 * (1 + Math.Abs(from - to));

    /// <summary>Puts the calling thread somewhere.</summary>
    public static void MoveTo(int node) => s_node = node;
}
