namespace FolioRuntime.Lifetimes;

/// <summary>Which rents of a cache, or owners of folios, are watched for leaks, and what is said of them.</summary>
/// <param name="SampleInterval">About one in this many, chosen at random; 1: all; 0: none.</param>
/// <param name="AgeLimit">How long one may be out; null: for ever.</param>
/// <param name="Tag">For reports.</param>
internal sealed record LeakTerms(int SampleInterval, TimeSpan? AgeLimit, string Tag)
{
    public bool IsOn => SampleInterval > 0;

    /// <summary>Whether it is this rent's turn.</summary>
#pragma warning disable CA5394 // No secret: which rents are sampled need not be hard to guess.
    public bool IsTurn() => SampleInterval == 1 || (IsOn && Random.Shared.Next(SampleInterval) == 0);
#pragma warning restore CA5394
}
