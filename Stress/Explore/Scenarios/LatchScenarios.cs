using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>The latch of what misses of a page cache go through: one compare-and-swap, and a queue for whoever comes too late.</summary>
internal static class LatchScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("latch-by-two", "Two enter twice each: their sections exclude each other, and each sees the last one's writes.", static scene => scene.Play(Twice(scene.Enter), Twice(scene.Enter))),
        Of("latch-by-three", "Three enter, of whom two may wait: one looks at the word and the other is queued behind it, and both get in.", static scene => scene.Play(scene.Enter, scene.Enter, scene.Enter)),
    ];

    private static Scenario Of(string name, string about, Func<LatchScene, Scene> play) => new(name, about, () => play(new LatchScene()))
    {
        Subject = "brief latch",
        Weak = Reach.Everything,
    };

    private static Action Twice(Action enter) => () =>
    {
        enter();
        enter();
    };
}
