namespace FolioRuntime.Harness.Scaling;

/// <summary>A figure that this runtime aims at, and what a run says of it. Both sides are of the same rounds.</summary>
/// <param name="What">What is compared, in words.</param>
/// <param name="Threads">Processors in use.</param>
/// <param name="Figure">Median over the rounds.</param>
/// <param name="Low">Lower quartile.</param>
/// <param name="High">Upper quartile.</param>
/// <param name="Aim">What it should be.</param>
/// <param name="IsLeast">Whether it should be no less than that; else no more.</param>
/// <param name="Verdict">reached, missed, or why the run can't tell; empty where there is no aim.</param>
public sealed record ScaleAim(string What, int Threads, double Figure, double Low, double High, double? Aim, bool IsLeast, string Verdict)
{
    public const string Reached = "reached";
    public const string Missed = "missed";
}
