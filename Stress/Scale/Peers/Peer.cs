namespace FolioRuntime.Scale.Peers;

/// <summary>Something that memory can be had from.</summary>
/// <param name="Name">In options, tables and JSON.</param>
/// <param name="About">What it is, in a line.</param>
/// <param name="LargestBytes">Of one piece.</param>
/// <param name="OneSizeOnly">Whether an instance serves one size.</param>
/// <param name="Make">Makes one for pieces of so many bytes; for 0, of any size. Null: it isn't here.</param>
internal sealed record Peer(string Name, string About, int LargestBytes, bool OneSizeOnly, Func<int, PeerInstance?> Make)
{
    /// <summary>Where it isn't part of .NET or of this runtime: how to install it.</summary>
    public string Installation { get; init; } = "";

    /// <summary>Whether it can serve pieces of one size, or of any up to the largest.</summary>
    public bool Serves(int fixedBytes, int largestBytes) => largestBytes <= LargestBytes && (fixedBytes > 0 || !OneSizeOnly);
}
