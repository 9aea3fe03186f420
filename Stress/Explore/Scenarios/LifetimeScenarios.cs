using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>The operations of a lifetime word against each other.</summary>
internal static class LifetimeScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("return-against-gets", "An owner returns while two others look the object up: it is destroyed once.", ReturnAgainstGets)
        {
            Subject = "lifetime word",
            Invariants = ["L1", "L2"],
            Weak = Reach.Everything,
        },
    ];

    private static Scene ReturnAgainstGets()
    {
        var scene = new WordScene(generationBits: 3);
        scene.Generation = Lifetime.PublishRented(ref scene.Word, scene.Space);
        return new Scene(Return, GetAndPut, GetAndPut)
        {
            Check = () => Requirement.Equal(scene.Destroyed, 1, "L1: destroyed once"),
            State = () => scene.State,
            Close = scene.Dispose,
            Names = scene.Names,
        };

        void Return()
        {
            if (Lifetime.Return(ref scene.Word, scene.Generation, Lifetime.Load(ref scene.Word)) == ReturnOutcome.MustDestroy)
                scene.Destroyed++;
        }

        void GetAndPut()
        {
            if (Lifetime.TryGet(ref scene.Word, scene.Generation) != GetOutcome.Got)
                return;
            Requirement.Equal(scene.Destroyed, 0, "L2: whole while it is held");
            if (Lifetime.Put(ref scene.Word, scene.Generation) == PutOutcome.MustDestroy)
                scene.Destroyed++;
        }
    }
}
