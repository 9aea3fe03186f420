using CsCheck;
using FolioRuntime.Pages;
using FolioRuntime.Tests.Properties;
using NUnit.Framework;
using static FolioRuntime.Tests.Pages.PagesModel;

namespace FolioRuntime.Tests.Pages;

/// <summary>Random programs of blocks taken, split, freed, worn and trimmed on two threads, against <see cref="PagesModel"/>'s oracle; what fails is made short and printed with its seed.</summary>
public class BuddyPropertyTests
{
    private static readonly Gen<(int List, int Batch)> s_lists = Gen.Select(Gen.OneOf(1, 3, 8), Gen.OneOf(1, 2, 4));

    private static IEnumerable<PageBug> PlantedBugs => Enum.GetValues<PageBug>().Where(bug => bug != PageBug.None);

    [Test]
    public void AllocatesExactlyWhatTheOracleHas_AndCoalescesCompletely() =>
        ProgramCheck.Run(Capacities(listCapacity: 0), Programs(Act.Trim), Play, iterations: 250);

    [Test]
    public void WithSpentGenerations_AllocatesExactlyWhatTheOracleHas() =>
        ProgramCheck.Run(Gen.Const(new Setting(Frames, 0, 4)), Programs(Act.SetAside), Play, iterations: 250);

    [Test]
    public void WithThreadsThatKeepFramesAndEnd_AllocatesExactlyWhatTheOracleHas() =>
        ProgramCheck.Run(
            Gen.Select(Gen.OneOf(Frames, 70, 5), s_lists, (capacity, lists) => new Setting(capacity, lists.List, lists.Batch)),
            Programs(Act.Trim, Act.EndThread),
            Play,
            iterations: 250);

    [Test]
    public void WithThreadsThatKeepFramesAndSpentGenerations_AllocatesExactlyWhatTheOracleHas() =>
        ProgramCheck.Run(s_lists.Select(lists => new Setting(Frames, lists.List, lists.Batch)), Programs(Act.SetAside), Play, iterations: 250);

    [TestCaseSource(nameof(PlantedBugs))]
    public void APlantedBugIsFoundAndShownInAFewSteps(PageBug bug)
    {
        var failure = Assert.Throws<ProgramFailedException>(() => ProgramCheck.Run(
            Capacities(listCapacity: 2).Select(setting => setting with { Bug = bug }), Programs(Act.Trim), Play, iterations: 500))!;
        TestContext.Out.WriteLine(failure.Message);
        Assert.That(failure.Steps, Is.InRange(1, 12));
    }

    private static Gen<Setting> Capacities(int listCapacity) => Gen.OneOf(Frames, 70, 64, 5).Select(capacity => new Setting(capacity, listCapacity, 4));

    private static Gen<Step[]> Programs(params Act[] further) => Gen.Select(
        Gen.OneOf<Act>([Act.Allocate, Act.AllocateExact, Act.Free, Act.Free, Act.Split, .. further]),
        Gen.Int[1, 1 << MaxOrder],
        Gen.Int[0, 1000],
        Gen.OneOf(FrameUses.Folio, FrameUses.Slab),
        Gen.Int[0, 1],
        (act, size, which, use, thread) => new Step(act, size, which, use, thread)).Array[1, 120];
}
