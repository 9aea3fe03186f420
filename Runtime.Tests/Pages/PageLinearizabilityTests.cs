using CsCheck;
using FolioRuntime.Tests.Properties;
using NUnit.Framework;
using static FolioRuntime.Tests.Pages.PagesPlay;

namespace FolioRuntime.Tests.Pages;

/// <summary>
/// Short histories of three threads on eight frames: every answer of the page allocator can be explained by some order. The order in which the threads move
/// is part of the program, so what fails is made short and fails again.
/// </summary>
[NonParallelizable]
public sealed class PageLinearizabilityTests
{
    private static readonly Gen<Step[]> s_programs = Gen.Select(
        Gen.Frequency((4, Gen.Const(StepKind.Allocate)), (3, Gen.Const(StepKind.Free)), (1, Gen.Const(StepKind.Trim)), (10, Gen.Const(StepKind.Turn))),
        Gen.Int[0, Threads - 1],
        Gen.Int[0, 5],
        (kind, thread, number) => new Step(kind, thread, number)).Array[1, 60];

    [Test]
    public void Every_answer_in_every_order_of_turns_can_be_explained() =>
        ProgramCheck.Run(Gen.OneOf(0, 1, 3), s_programs, (listCapacity, program) => PlayInTurns(new PagesPlay(listCapacity), program), iterations: 400, threads: 1);

    [Test]
    public void Every_answer_to_threads_that_run_freely_can_be_explained() =>
        ProgramCheck.Run(
            Gen.Select(Gen.OneOf(0, 1, 3), Gen.ULong),
            s_programs,
            (setting, program) =>
            {
                var play = new PagesPlay(setting.Item1);
                Actors.PlayFreely(Parts(play, program), setting.Item2);
                play.RequireExplained();
            },
            iterations: 200,
            threads: 1);

    [TestCase(PageRace.TwoTakeTheKeptFrame)]
    [TestCase(PageRace.AKeptFrameIsOverwritten)]
    public void A_planted_race_is_found_and_shown_in_a_few_steps(PageRace race)
    {
        var failure = Assert.Throws<ProgramFailedException>(() => ProgramCheck.Run(
            Gen.Const(race), s_programs, (_, program) => PlayInTurns(new FaultyPagesPlay(race), program), iterations: 2000, threads: 1))!;
        TestContext.Out.WriteLine(failure.Message);
        Assert.That(failure.Steps, Is.InRange(4, 12), "two calls that race, what leads there, and the turns between them");
    }

    private static void PlayInTurns(PagesPlay play, Step[] program)
    {
        var turns = program.Where(step => step.Kind == StepKind.Turn).Select(step => new Actors.Turn(step.Thread, step.Number));
        Actors.PlayInTurns(Parts(play, program), turns, seen => seen.IsPlace);
        play.RequireExplained();
    }

    private static Action[] Parts(PagesPlay play, Step[] program) => [.. Enumerable.Range(0, Threads).Select(thread => play.PartOf(thread, program))];
}
