using CsCheck;
using FolioRuntime.Tests.Properties;
using NUnit.Framework;
using static FolioRuntime.Tests.Primitives.StacksPlay;

namespace FolioRuntime.Tests.Primitives;

/// <summary>Random programs of three threads on their stacks, with drains and threads that end: what every call answers can be explained by plain lists.</summary>
[NonParallelizable]
public sealed class ThreadStackPropertyTests
{
    private static readonly Gen<int> s_capacity = Gen.OneOf(0, 1, 2, 4);

    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(StackCallKind.Push)),
            (4, Gen.Const(StackCallKind.Pop)),
            (1, Gen.Const(StackCallKind.Refill)),
            (1, Gen.Const(StackCallKind.TakeOldest)),
            (2, Gen.Const(StackCallKind.DrainAll)),
            (1, Gen.Const(StackCallKind.EndThread)),
            (8, Gen.Const(StackCallKind.Turn))),
        Gen.Int[0, Threads - 1],
        Gen.Int[0, 4],
        (kind, thread, number) => new Step(kind, thread, number));

    private static readonly Gen<Step[]> s_programs = s_step.Array[1, 60];

    private static IEnumerable<StackBug> PlantedBugs => Enum.GetValues<StackBug>().Where(bug => bug != StackBug.None);

    [Test]
    public void Calls_one_after_another_answer_as_plain_lists_do() =>
        ProgramCheck.Run(s_capacity.Select(capacity => (capacity, StackBug.None)), s_step.Array[1, 300], PlayOneAfterAnother, iterations: 300, threads: 1);

    [Test]
    public void Calls_in_every_order_of_turns_can_be_explained() =>
        ProgramCheck.Run(s_capacity.Select(capacity => (capacity, StackBug.None)), s_programs, PlayInTurns, iterations: 300, threads: 1);

    [Test]
    public void Calls_of_threads_that_run_freely_can_be_explained() =>
        ProgramCheck.Run(Gen.Select(s_capacity, Gen.ULong), s_programs, PlayFreely, iterations: 300, threads: 1);

    [TestCaseSource(nameof(PlantedBugs))]
    public void A_planted_bug_is_found_and_shown_in_a_few_steps(StackBug bug)
    {
        var failure = Assert.Throws<ProgramFailedException>(
            () => ProgramCheck.Run(s_capacity.Select(capacity => (capacity, bug)), s_programs, PlayInTurns, iterations: 2000, threads: 1))!;
        TestContext.Out.WriteLine(failure.Message);
        Assert.That(failure.Steps, Is.InRange(1, 12));
    }
}
