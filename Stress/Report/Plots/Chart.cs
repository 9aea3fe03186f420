namespace FolioRuntime.Report.Plots;

/// <summary>A plot as an image.</summary>
/// <param name="Name">Of its file, without the ending: small letters, digits and dashes.</param>
/// <param name="Caption">What it shows, in words: for those who don't see it.</param>
/// <param name="Png">The image.</param>
/// <param name="Width">On the page; the image has <see cref="ChartSheet.Scale"/> times as many pixels.</param>
/// <param name="Height">On the page.</param>
public sealed record Chart(string Name, string Caption, byte[] Png, int Width, int Height)
{
    public string DataUri => $"data:image/png;base64,{Convert.ToBase64String(Png)}";
}
