using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>The latch in front of each thread's stack: plain stores and loads for its owner, a process-wide barrier for everybody else.</summary>
internal static class BiasedLatchScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("bias-owner-against-revoker", "The owner enters and leaves twice while another revokes: their sections exclude each other, and each sees the last one's writes.", static scene =>
            scene.Play(
                () =>
                {
                    scene.TryAsOwner();
                    scene.TryAsOwner();
                },
                scene.Revoke)),
        Of("bias-two-revokers", "Two revoke while the owner enters: three sections, one after the other.", static scene => scene.Play(() => scene.TryAsOwner(), scene.Revoke, scene.Revoke)),
        Of("bias-revoked-and-restored", "One revokes twice: in between, and afterwards, the owner gets in again or is told that it may not.", static scene =>
            scene.Play(
                () =>
                {
                    scene.TryAsOwner();
                    scene.TryAsOwner();
                },
                () =>
                {
                    scene.Revoke();
                    scene.Revoke();
                })),
        Of("bias-owner-the-long-way", "An owner that is refused takes the revokers' way, and then revokes in its own right: nobody waits for one that waits.", static scene =>
            scene.Play(
                () =>
                {
                    scene.AsOwner();
                    scene.Revoke();
                },
                scene.Revoke)),
        Of("bias-owner-ends-inside", "The owner ends without leaving: a revoker waits for the end, and not for ever.", static scene => scene.Play(() => scene.TryAsOwner(leaves: false), scene.Revoke, scene.Revoke)),
    ];

    private static Scenario Of(string name, string about, Func<BiasedLatchScene, Scene> play) => new(name, about, () => play(new BiasedLatchScene()))
    {
        Subject = "biased latch",
        Hazards = [27],
        Weak = Reach.Everything,
    };
}
