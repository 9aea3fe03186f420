namespace FolioRuntime.Tests.Integrations.Conformance;

/// <summary>Something that whoever rents from a pool would like to rely on.</summary>
/// <param name="Name">What it is, as the table says it.</param>
/// <param name="Run">Tries it on a pool of the candidate's: an answer for the table, or a <see cref="ShortfallException"/>.</param>
internal sealed record MemoryPoolCheck(string Name, Func<MemoryPoolCandidate, string> Run)
{
    public const string Yes = "yes";

    public MemoryPoolCheck(string name, Action<MemoryPoolCandidate> run)
        : this(name, candidate =>
        {
            run(candidate);
            return Yes;
        })
    {
    }

    public override string ToString() => Name;
}
