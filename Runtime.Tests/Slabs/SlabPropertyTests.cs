using CsCheck;
using NUnit.Framework;
using static FolioRuntime.Tests.Slabs.SlabModel;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Random programs over two caches that share four pages, against <see cref="SlabModel"/>'s naive account; what fails is shrunk and printed with its seed.</summary>
public sealed class SlabPropertyTests
{
    private static readonly Gen<Step[]> s_program = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(Act.Rent)),
            (3, Gen.Const(Act.Allocate)),
            (4, Gen.Const(Act.Get)),
            (5, Gen.Const(Act.Put)),
            (6, Gen.Const(Act.Return)),
            (2, Gen.Const(Act.Look)),
            (1, Gen.Const(Act.Trim))),
        Gen.Int[0, 1000],
        Gen.Bool,
        (act, which, other) => new Step(act, which, other)).Array[1, 150];

    private static readonly Gen<Setting> s_setting = Gen.Select(
        Gen.OneOf(2, 3, 4, 32, 32), Gen.Bool, Gen.OneOf(0, 1, 3), (bits, exclusive, capacity) => new Setting(bits, exclusive, capacity));

    [Test]
    public void Caches_answer_as_the_naive_account_does_in_every_program() =>
        Gen.Select(s_setting, s_program).Sample(
            (setting, program) =>
            {
                using var model = new SlabModel(setting);
                model.Run(program);
            },
            iter: 300,
            writeLine: TestContext.Out.WriteLine);

    [Test]
    public void A_constructor_or_destructor_that_throws_at_any_call_loses_nothing() =>
        Gen.Select(s_setting, s_program).Sample(
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
                {
                    using var model = new SlabModel(setting with { FailingConstruction = n });
                    model.Run(program);
                }

                for (var n = 1; n <= destructions; n++)
                {
                    using var model = new SlabModel(setting with { FailingDestruction = n });
                    model.Run(program);
                }
            },
            iter: 5,
            writeLine: TestContext.Out.WriteLine);
}
