using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>What tells who rented what is out, made wrong.</summary>
internal static class LeakMutants
{
    private const string LifeTracks = "Runtime/Lifetimes/LifeTracks.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "record-dropped-before-its-life",
            "A record of a rent under way, whose word is still dead, is kept.",
            LifeTracks,
            "!word.IsHeldAt(track.Generation) && generations.ToIssue(word) != track.Generation",
            "!word.IsHeldAt(track.Generation)",
            "leak-look-against-rents"),
        new(
            "record-of-another-life-told",
            "A record is told to be out only while its word holds the generation that was tracked.",
            LifeTracks,
            "(lostToo || !pair.Value.IsLost) && wordOf(pair.Key).IsHeldAt(track.Generation)",
            "(lostToo || !pair.Value.IsLost) && wordOf(pair.Key).Generation >= track.Generation",
            "leak-two-renters-and-a-look"),
        new(
            "record-never-dropped",
            "A record of a life that is over is dropped.",
            LifeTracks,
            "if (!KeepsReturns)\n    PruneUnsynchronized();",
            "if (KeepsReturns)\n    PruneUnsynchronized();",
            "leak-look-against-rents"),
    ];
}
