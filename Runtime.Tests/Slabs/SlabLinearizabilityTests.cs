using CsCheck;
using FolioRuntime.Tests.Properties;
using NUnit.Framework;
using NUnit.Framework.Internal;
using static FolioRuntime.Tests.Slabs.SlabsPlay;

namespace FolioRuntime.Tests.Slabs;

/// <summary>
/// Short histories of three threads on two caches over two pages, with stale handles, second returns and wrong caches: every answer can be explained
/// by some order, every object is destroyed once, and whoever holds a reference sees the object's own content. The order in which the threads move is part
/// of the program, so what fails is made short and fails again.
/// </summary>
[NonParallelizable]
public sealed class SlabLinearizabilityTests
{
    private static readonly Gen<Step[]> s_programs = Gen.Select(
        Gen.Frequency(
            (4, Gen.Const(SlabCallKind.Rent)),
            (5, Gen.Const(SlabCallKind.Return)),
            (4, Gen.Const(SlabCallKind.Get)),
            (3, Gen.Const(SlabCallKind.Put)),
            (1, Gen.Const(SlabCallKind.Trim)),
            (18, Gen.Const(SlabCallKind.Turn))),
        Gen.Int[0, Threads - 1],
        Gen.Int[0, 9],
        (kind, thread, number) => new Step(kind, thread, number)).Array[1, 80];

    private static readonly Gen<Setting> s_settings = Gen.Select(
        Gen.OneOf(3, 32), Gen.OneOf(0, 2), Gen.Bool, (bits, capacity, isExclusive) => new Setting(bits, capacity, isExclusive));

    [Test]
    public void Every_answer_in_every_order_of_turns_can_be_explained() =>
        ProgramCheck.Run(s_settings, s_programs, (setting, program) => PlayInTurns(new SlabsPlay(setting), program), iterations: 500, threads: 1);

    [Test]
    public void Every_answer_to_threads_that_run_freely_can_be_explained() =>
        ProgramCheck.Run(
            Gen.Select(s_settings, Gen.ULong),
            s_programs,
            (setting, program) =>
            {
                using var play = new SlabsPlay(setting.Item1);
                play.PlayFreely(program, setting.Item2);
            },
            iterations: 300,
            threads: 1);

    [TestCase(SlabRace.TwoReturnOneObject)]
    [TestCase(SlabRace.AReturnOvertakesAGet)]
    public void A_planted_race_is_found_and_shown_in_a_few_steps(SlabRace race)
    {
        var settings = Gen.Const(new Setting(32, 0, IsExclusive: false));
        var failure = Assert.Throws<ProgramFailedException>(() => ProgramCheck.Run(
            settings, s_programs, (setting, program) => PlayInTurns(new FaultySlabsPlay(setting, race), program), iterations: 3000, threads: 1))!;
        TestContext.Out.WriteLine(failure.Message);
        Assert.That(failure.Steps, Is.InRange(4, 14), "two calls that race, what leads there, and the turns between them");
    }

    /// <summary>Without it the model is refuted, so histories get as far as where it matters; with it, all of the same histories are explained.</summary>
    [Test]
    public void The_instant_for_which_a_stale_look_up_holds_a_stranger_is_met()
    {
        var refuted = 0;
        for (var first = 1; first <= 20; first++)
        {
            for (var second = 1; second <= 5; second++)
            {
                Step[] program =
                [
                    new(SlabCallKind.Rent, 0, 0), new(SlabCallKind.Return, 0, 0), new(SlabCallKind.Get, 0, 0), new(SlabCallKind.Get, 1, 4),
                    new(SlabCallKind.Turn, 0, first), new(SlabCallKind.Turn, 1, second), new(SlabCallKind.Turn, 0, 100),
                ];
                var setting = new Setting(32, 0, IsExclusive: false);
                PlayInTurns(new SlabsPlay(setting), program);
                using var context = new TestExecutionContext.IsolatedContext();
                try
                {
                    PlayInTurns(new SlabsPlay(setting with { IsModelWrong = true }), program);
                }
                catch (AssertionException)
                {
                    refuted++;
                }
            }
        }

        Assert.That(refuted, Is.GreaterThan(0));
    }

    private static void PlayInTurns(SlabsPlay play, Step[] program)
    {
        using (play)
            play.PlayInTurns(program);
    }
}
