using System.Buffers;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Integrations.Pipelines;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Blocks of a memory pool that are retained past their renter's dispose, as bytes of a pipe are: in each scene somebody rents next, and would write over them.</summary>
internal static class RetentionScenarios
{
    private const ulong Mark = 1;
    private const ulong NextMark = 2;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("retained-against-return", "A block is retained, read and released while its owner is disposed: retained in time it stays as it was, too late it is refused.", [35], static () =>
        {
            var (scene, owner) = Rented();
            var memory = owner.Memory;
            return scene.Play([() => MemoryPoolScene.ReadAndRelease(scene.Retain(memory), Mark), owner.Dispose, () => scene.RentAndDispose(NextMark)]);
        }) with { Weak = Reach.Preemptions(2) },
        Of("retained-by-two-against-return", "Two retain a block, read and release it while its owner is disposed: whoever is last gives the block back, once.", [2, 35], static () =>
        {
            var (scene, owner) = Rented();
            var memory = owner.Memory;
            return scene.Play([() => MemoryPoolScene.ReadAndRelease(scene.Retain(memory), Mark), () => MemoryPoolScene.ReadAndRelease(scene.Retain(memory), Mark), owner.Dispose]);
        }),
        Of("retained-last-releases", "A block is only retained any more, twice: the last of two releases gives it back, and who rents it next has it alone.", [2, 35], static () =>
        {
            var (scene, owner) = Rented();
            var first = scene.Retain(owner.Memory);
            var second = first!.Retain();
            owner.Dispose();
            return scene.Play(
                [() => MemoryPoolScene.ReadAndRelease(first, Mark), () => MemoryPoolScene.ReadAndRelease(second, Mark), () => scene.RentAndDispose(NextMark)]);
        }) with { Weak = Reach.Preemptions(2) },
        Of("retained-racing-releases", "Two release the same retained bytes while the owner is disposed: one counts, the other is reported, and neither reads any more.", [30], static () =>
        {
            var (scene, owner) = Rented();
            var retained = scene.Retain(owner.Memory)!;
            var memory = retained.Sequence.First;
            return scene.Play([ReleaseAndRead, ReleaseAndRead, owner.Dispose], doubleDisposes: 1);

            void ReleaseAndRead()
            {
                retained.Dispose();
                Requirement.That(!scene.Try(() => MemoryPoolScene.Read(memory, Mark)), "what was released can't be read");
            }
        }),
        Of("retained-after-return", "A block that was given back is retained through its old memory while its last holder releases it and another rents it: refused, always.", [3, 35], static () =>
        {
            var (scene, owner) = Rented();
            var memory = owner.Memory;
            var kept = scene.Retain(memory);
            owner.Dispose();
            return scene.Play(
                [() => Requirement.That(scene.Retain(memory) is null, "a block that was given back can't be retained"), () => MemoryPoolScene.ReadAndRelease(kept, Mark), () => scene.RentAndDispose(NextMark)]);
        }),
        Of("retained-again-against-release", "The only holder's bytes are retained again while it releases them: the second holder has them whole, or is refused.", [1, 35], static () =>
        {
            var (scene, owner) = Rented();
            var kept = scene.Retain(owner.Memory)!;
            owner.Dispose();
            return scene.Play([Again, kept.Dispose, () => scene.RentAndDispose(NextMark)]);

            void Again()
            {
                RetainedSequence? again = null;
                scene.Try(() => again = kept.Retain());
                MemoryPoolScene.ReadAndRelease(again, Mark);
            }
        }),
        Of("retained-pin-against-release", "The only holder's bytes are pinned while it releases them: the pin keeps the block on its own, or is refused.", [35], static () =>
        {
            var (scene, owner) = Rented();
            var kept = scene.Retain(owner.Memory)!;
            var memory = kept.Sequence.First;
            owner.Dispose();
            return scene.Play([() => scene.TryReadPinned(memory, Mark), kept.Dispose, () => scene.RentAndDispose(NextMark)]);
        }),
        Of("retained-pool-end", "The pool is disposed while retained bytes are released and their owner is disposed: every block goes back.", [19, 33], static () =>
        {
            var (scene, owner) = Rented();
            var kept = scene.Retain(owner.Memory);
            return scene.Play([() => MemoryPoolScene.ReadAndRelease(kept, Mark), owner.Dispose, scene.Pool.Dispose]);
        }) with { Sequential = Reach.Preemptions(2) },
    ];

    // The only block, with a mark in it.
    private static (MemoryPoolScene Scene, IMemoryOwner<byte> Owner) Rented()
    {
        var scene = new MemoryPoolScene(blocks: 1);
        var owner = scene.Pool.Rent();
        MemoryPoolScene.Use(owner.Memory, Mark);
        return (scene, owner);
    }

    private static Scenario Of(string name, string about, int[] hazards, Func<Scene> make) => new(name, about, make)
    {
        Subject = "pools",
        Invariants = ["L1", "L2", "L8"],
        Hazards = hazards,
    };
}
