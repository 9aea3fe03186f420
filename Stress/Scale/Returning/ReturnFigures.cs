using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Scale.Returning;

/// <summary>How much resident memory was left of what was filled.</summary>
/// <param name="ByItself">Whether it went back by itself; else it was trimmed.</param>
/// <param name="ObjectBytes">Bytes of an object.</param>
/// <param name="FilledBytes">Bytes of all objects, each written.</param>
/// <param name="BeforeBytes">Resident before the runtime was made.</param>
/// <param name="FullBytes">Resident with all objects out.</param>
/// <param name="AfterBytes">Resident at the end, the runtime still alive.</param>
/// <param name="MostPercent">What may be left, of the bytes filled.</param>
/// <param name="MostBesidePercent">What may lie beside the objects, of the bytes filled.</param>
/// <param name="Course">Resident memory all along.</param>
internal sealed record ReturnFigures(
    bool ByItself, int ObjectBytes, long FilledBytes, long BeforeBytes, long FullBytes, long AfterBytes, double MostPercent, double MostBesidePercent, IReadOnlyList<ReturnPoint> Course)
{
    /// <summary>The least fill, in bytes, whose share beside the objects is judged: of a smaller one the first, small slabs are too large a part.</summary>
    public const long LeastJudgedBytes = 2L << 30;

    /// <summary>How it went back.</summary>
    public string Way => ByItself ? "by itself" : "trim";

    /// <summary>What is resident beside the objects while all are out, of the bytes filled: words, headers, bitmaps, page frames.</summary>
    public double BesidePercent => (100.0 * (FullBytes - BeforeBytes) / FilledBytes) - 100;

    /// <summary>Left over, of the bytes filled.</summary>
    public double LeftPercent => 100.0 * (AfterBytes - BeforeBytes) / FilledBytes;

    /// <summary>Whether what lies beside the objects is judged.</summary>
    public bool JudgesBeside => FilledBytes >= LeastJudgedBytes;

    /// <summary>
    /// Whether no more is left of any fill than may be, and no more was beside the objects of a cache that has grown out of its small slabs. Of objects of one size the least of all fills
    /// is judged: it is the same each time, and what else the process takes during a fill only adds to it.
    /// </summary>
    public static bool AllHold(IReadOnlyList<ReturnFigures> all) => all.All(figures => figures.LeftPercent <= figures.MostPercent) && HoldBeside(all);

    /// <summary>Of <see cref="AllHold"/> what lies beside the objects.</summary>
    public static bool HoldBeside(IReadOnlyList<ReturnFigures> all) =>
        all.Where(figures => figures.JudgesBeside).GroupBy(figures => figures.ObjectBytes).All(same => same.Min(figures => figures.BesidePercent) <= same.First().MostBesidePercent);

    /// <summary>As it stands in the JSON.</summary>
    public ReturnRow Row => new(Way, ObjectBytes, FilledBytes, BesidePercent, ByItself ? null : LeftPercent, ByItself ? LeftPercent : null, Course);
}
