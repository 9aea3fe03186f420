using ScottPlot;

namespace FolioRuntime.Report.Plots;

/// <summary>A look for each peer, the same in all charts of a page.</summary>
internal sealed class PeerStyles
{
    private const float OwnWidth = 3;
    private const float OtherWidth = 1.6f;

    // In the order in which folio-scale has its peers: this runtime's own get the strong ones.
    private static readonly Color[] s_colors =
    [
        .. new[]
        {
            "#D62728", "#1F5FB4", "#2CA02C", "#FF9F1C", "#8E5BC4", "#8C564B", "#E377C2", "#17A2B8", "#6C757D", "#B5A800", "#20385E", "#00A878", "#A3195B", "#7FB3FF",
        }.Select(Color.FromHex),
    ];

    private static readonly MarkerShape[] s_markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleUp, MarkerShape.FilledTriangleDown,
    ];

    private readonly Dictionary<string, PeerStyle> _styles = [];

    /// <param name="peers">In the order of their colours.</param>
    /// <param name="own">One that is this runtime's own, beside those whose name says so.</param>
    public PeerStyles(IEnumerable<string> peers, string? own = null)
    {
        foreach (var peer in peers.Distinct())
        {
            var index = _styles.Count;
            var width = peer == own || peer.StartsWith("folio-", StringComparison.Ordinal) ? OwnWidth : OtherWidth;
            _styles.Add(peer, new PeerStyle(s_colors[index % s_colors.Length], s_markers[index % s_markers.Length], width));
        }
    }

    public PeerStyle this[string peer] => _styles[peer];
}
