using ScottPlot;

namespace FolioRuntime.Report.Plots;

/// <summary>How a peer looks in every chart.</summary>
/// <param name="Color">Of lines, bars and markers.</param>
/// <param name="Marker">Tells apart what colours alone don't.</param>
/// <param name="LineWidth">This runtime's own are wider.</param>
internal sealed record PeerStyle(Color Color, MarkerShape Marker, float LineWidth);
