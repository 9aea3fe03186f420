using CsCheck;
using NUnit.Framework;

namespace FolioRuntime.Tests.Properties;

/// <summary>The checker of properties itself: what it finds, how short it makes it, and that its seed finds it again.</summary>
public sealed class ProgramCheckTests
{
    private static readonly Gen<int[]> s_programs = Gen.Int[0, 9].Array[1, 100];

    [Test]
    public void A_failing_program_is_made_as_short_as_it_can_be_and_shown_with_its_setting()
    {
        var failure = Assert.Throws<ProgramFailedException>(() => ProgramCheck.Run(Gen.Const("a setting"), s_programs, FailsOnTwoSevensAndAThree, iterations: 50))!;
        Assert.That(failure.Steps, Is.EqualTo(3));
        Assert.That(failure.Message, Does.Contain("a setting").And.Contain("  7").And.Contain("  3"));
    }

    [Test]
    public void The_seed_finds_the_failure_again_with_the_first_program()
    {
        var failure = Assert.Throws<ProgramFailedException>(() => ProgramCheck.Run(Gen.Bool, s_programs, FailsOnTwoSevensAndAThree, iterations: 50))!;
        var again = Assert.Throws<ProgramFailedException>(() => ProgramCheck.Run(Gen.Bool, s_programs, FailsOnTwoSevensAndAThree, iterations: 1, seed: failure.Seed))!;
        Assert.That(again.Steps, Is.EqualTo(3));
    }

    [Test]
    public void A_property_that_holds_is_tried_on_as_many_programs_as_were_asked_for()
    {
        var played = 0;
        ProgramCheck.Run(Gen.Bool, s_programs, (_, _) => Interlocked.Increment(ref played), iterations: 20);
        Assert.That(played, Is.EqualTo(Effort.Times(20)));
    }

    [TestCase(null, 1)]
    [TestCase("", 1)]
    [TestCase("12", 12)]
    public void The_effort_is_what_the_environment_says(string? value, int factor) => Assert.That(Effort.FactorOf(value), Is.EqualTo(factor));

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("much")]
    public void An_effort_that_would_try_nothing_is_refused(string value) => Assert.Throws<FormatException>(() => Effort.FactorOf(value));

    [Test]
    public void What_always_fails_is_shortened_to_nothing() => Assert.That(Shrinking.Minimize([1, 2, 3], _ => true), Is.Empty);

    private static void FailsOnTwoSevensAndAThree(object setting, int[] program)
    {
        if (program.Count(step => step == 7) >= 2 && program.Contains(3))
            throw new InvalidTimeZoneException();
    }

    private static void FailsOnTwoSevensAndAThree(bool setting, int[] program) => FailsOnTwoSevensAndAThree((object)setting, program);
}
