using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Optimistic reads, word by word, under weak memory too: what their barriers are for.</summary>
internal static class SequenceScenarios
{
    private const string Subject = "content sequence";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("sequence-against-writes", "Content is changed in place twice while it is read: a valid read is of one content.", AgainstWrites)
        {
            Subject = Subject,
            Hazards = [16],
            Weak = Reach.Everything,
        },
        new("sequence-against-two-readers", "Content is changed in place while two read it: a valid read is of one content, and references don't disturb it.", AgainstTwoReaders)
        {
            Subject = Subject,
            Hazards = [16],
            Weak = Reach.Everything,
        },
        new("sequence-against-recycling", "An object is returned and another published in its place and filled while the first is read: a valid read is of the first.", AgainstRecycling)
        {
            Subject = Subject,
            Invariants = ["L3"],
            Hazards = [15],
            Weak = Reach.Everything,
        },
        new("sequence-against-last-put", "As for a return, when a put ends the object and a look-up by the old handle meets the new one.", AgainstLastPut)
        {
            Subject = Subject,
            Invariants = ["L3"],
            Hazards = [15],
            Weak = Reach.Everything,
        },
        new("sequence-against-frozen-end", "An object is changed while it is frozen, freed, and another is published in its place and filled while the first is read: a valid read is of the first, unchanged.", AgainstFrozenEnd)
        {
            Subject = Subject,
            Invariants = ["L3"],
            Hazards = [15, 16],
            Weak = Reach.Everything,
        },
    ];

    private static Scene AgainstWrites()
    {
        var scene = new SequenceScene();
        var generation = Lifetime.PublishRented(ref scene.Word, scene.Space);
        return scene.Play(
            () => RequireReadable(scene, generation),
            () =>
            {
                Change(scene, 1);
                Change(scene, 2);
            },
            () => RequireOneContent(scene, generation));
    }

    private static Scene AgainstTwoReaders()
    {
        var scene = new SequenceScene();
        var generation = Lifetime.PublishReferenced(ref scene.Word, scene.Space);
        return scene.Play(
            () => RequireReadable(scene, generation),
            () => Change(scene, 1),
            () => RequireOneContent(scene, generation),
            () =>
            {
                RequireOneContent(scene, generation);
                Lifetime.TryGet(ref scene.Word, generation);
            });
    }

    private static Scene AgainstRecycling()
    {
        var scene = new SequenceScene();
        var generation = Lifetime.PublishRented(ref scene.Word, scene.Space);
        scene.Write(1);
        return scene.Play(
            () => RequireReadable(scene, generation + 1),
            () =>
            {
                Requirement.Equal(Lifetime.Return(ref scene.Word, generation, Lifetime.Load(ref scene.Word)), ReturnOutcome.MustDestroy, "nobody else holds it");
                scene.Write(2);
                Lifetime.PublishRented(ref scene.Word, scene.Space);
            },
            () => RequireContent(scene, generation, 1));
    }

    private static Scene AgainstLastPut()
    {
        var scene = new SequenceScene();
        var generation = Lifetime.PublishReferenced(ref scene.Word, scene.Space);
        scene.Write(1);
        return scene.Play(
            null,
            () =>
            {
                if (Lifetime.Put(ref scene.Word, generation) == PutOutcome.MustDestroy)
                    Recycle();
            },
            () => RequireContent(scene, generation, 1),
            () =>
            {
                if (Lifetime.TryGet(ref scene.Word, generation) == GetOutcome.Got && Lifetime.Put(ref scene.Word, generation) == PutOutcome.MustDestroy)
                    Recycle();
            });

        void Recycle()
        {
            Lifetime.PublishRented(ref scene.Word, scene.Space);
            scene.Write(2);
        }
    }

    private static Scene AgainstFrozenEnd()
    {
        var scene = new SequenceScene();
        var generation = Lifetime.PublishReferenced(ref scene.Word, scene.Space);
        scene.Write(1);
        return scene.Play(
            () => RequireReadable(scene, generation + 1),
            () =>
            {
                Requirement.That(Lifetime.TryFreeze(ref scene.Word, generation, 1), "nobody else holds it");
                scene.Write(2);
                Lifetime.FreeFrozen(ref scene.Word, generation);
                Lifetime.PublishRented(ref scene.Word, scene.Space);
                scene.Write(3);
            },
            () => RequireContent(scene, generation, 1));
    }

    private static void Change(SequenceScene scene, ulong value)
    {
        ContentSequence.BeginWrite(ref scene.Sequence);
        scene.Write(value);
        ContentSequence.EndWrite(ref scene.Sequence);
    }

    private static void RequireOneContent(SequenceScene scene, uint generation)
    {
        if (scene.TryRead(generation, out var first, out var second))
            Requirement.Equal(second, first, "a valid read is of one content");
    }

    private static void RequireContent(SequenceScene scene, uint generation, ulong value)
    {
        if (!scene.TryRead(generation, out var first, out var second))
            return;
        Requirement.Equal(first, value, "L3: a valid read is of the handle's own object");
        Requirement.Equal(second, value, "L3: a valid read is of the handle's own object");
    }

    private static void RequireReadable(SequenceScene scene, uint generation)
    {
        Requirement.That(scene.TryRead(generation, out var first, out var second), "what is at rest can be read");
        Requirement.Equal(second, first, "a valid read is of one content");
    }
}
