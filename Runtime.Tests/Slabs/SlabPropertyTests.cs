using CsCheck;
using FolioRuntime.Tests.Properties;
using NUnit.Framework;
using static FolioRuntime.Tests.Slabs.SlabModel;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Random programs over two caches that share four pages, against <see cref="SlabModel"/>'s naive account; what fails is made short and printed with its seed.</summary>
public sealed class SlabPropertyTests
{
    private static readonly Gen<Step[]> s_program = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(Act.Rent)),
            (3, Gen.Const(Act.Allocate)),
            (4, Gen.Const(Act.Get)),
            (5, Gen.Const(Act.Put)),
            (6, Gen.Const(Act.Return)),
            (1, Gen.Const(Act.RentMany)),
            (1, Gen.Const(Act.ReturnMany)),
            (2, Gen.Const(Act.Look)),
            (1, Gen.Const(Act.Trim)),
            (1, Gen.Const(Act.EndThread))),
        Gen.Int[0, 1000],
        Gen.Bool,
        (act, which, other) => new Step(act, which, other)).Array[1, 150];

    private static readonly Gen<Setting> s_setting =
        from bits in Gen.OneOf(2, 3, 4, 32, 32)
        from exclusive in Gen.Bool
        from capacity in Gen.OneOf(0, 1, 3)
        from first in Gen.UInt[1, (1u << (bits - 1)) - 1]
        select new Setting(bits, exclusive, capacity, first);

    private static IEnumerable<SlabBug> PlantedBugs => Enum.GetValues<SlabBug>().Where(bug => bug != SlabBug.None);

    [Test]
    public void Caches_answer_as_the_naive_account_does_in_every_program() =>
        ProgramCheck.Run(s_setting, s_program, Play, iterations: 300);

    [Test]
    public void A_constructor_or_destructor_that_throws_at_any_call_loses_nothing() =>
        ProgramCheck.Run(
            s_setting,
            s_program,
            (setting, program) =>
            {
                int constructions;
                int destructions;
                using (var undisturbed = new SlabModel(setting))
                {
                    undisturbed.Run(program);
                    (constructions, destructions) = (undisturbed.Constructions, undisturbed.Destructions);
                }

                for (var n = 1; n <= constructions; n++)
                    Play(setting with { FailingConstruction = n }, program);
                for (var n = 1; n <= destructions; n++)
                    Play(setting with { FailingDestruction = n }, program);
            },
            iterations: 5);

    [TestCaseSource(nameof(PlantedBugs))]
    public void A_planted_bug_is_found_and_shown_in_a_few_steps(SlabBug bug)
    {
        var failure = Assert.Throws<ProgramFailedException>(
            () => ProgramCheck.Run(s_setting.Select(setting => setting with { Bug = bug }), s_program, Play, iterations: 500))!;
        TestContext.Out.WriteLine(failure.Message);
        Assert.That(failure.Steps, Is.InRange(1, 8));
    }
}
