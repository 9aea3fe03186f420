using FolioRuntime.Scale.Returning;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>What <c>folio-scale --memory-return</c> judges.</summary>
internal sealed class ReturnFiguresTests
{
    private const long Gibibyte = 1L << 30;

    [TestCase(1.9, 4.9, true)]
    [TestCase(2.1, 4.9, false)]
    [TestCase(1.9, 5.1, false)]
    public void What_is_left_is_judged_of_every_fill(double afterTrim, double byItself, bool holds) =>
        Assert.That(ReturnFigures.AllHold([Figures(false, Gibibyte, 0, afterTrim), Figures(true, Gibibyte, 0, byItself)]), Is.EqualTo(holds));

    [TestCase(2, 1.9, 1.9, true)]
    [TestCase(2, 2.1, 1.9, true)]
    [TestCase(2, 2.1, 2.1, false)]
    [TestCase(1, 2.1, 2.1, true)]
    public void What_lies_beside_the_objects_is_judged_by_the_lesser_of_large_fills(int gibibytes, double first, double second, bool holds) =>
        Assert.That(ReturnFigures.AllHold([Figures(false, gibibytes * Gibibyte, first, 0), Figures(true, gibibytes * Gibibyte, second, 0)]), Is.EqualTo(holds));

    [Test]
    public void Percents_are_of_what_was_filled_and_the_row_has_those_of_its_way()
    {
        var trimmed = Figures(false, Gibibyte, 1.5, 1.25).Row;
        Assert.That((trimmed.Way, trimmed.SizeBytes, trimmed.FilledBytes, trimmed.LeftByItselfPercent), Is.EqualTo(("trim", 4096, Gibibyte, (double?)null)));
        Assert.That((double?[])[trimmed.MetadataPercent, trimmed.LeftAfterTrimPercent], Is.EqualTo((double?[])[1.5, 1.25]).Within(1e-6));
        var alone = Figures(true, Gibibyte, 1.5, 1.25).Row;
        Assert.That((alone.Way, alone.LeftAfterTrimPercent), Is.EqualTo(("by itself", (double?)null)));
        Assert.That(alone.LeftByItselfPercent, Is.EqualTo(1.25).Within(1e-6));
    }

    private static ReturnFigures Figures(bool byItself, long filledBytes, double besidePercent, double leftPercent)
    {
        const long before = 50 << 20;
        return new ReturnFigures(
            byItself, 4096, filledBytes, before, before + filledBytes + (long)(filledBytes * besidePercent / 100), before + (long)(filledBytes * leftPercent / 100),
            byItself ? MemoryReturn.MostPercentByItself : MemoryReturn.MostPercentAfterTrim, MemoryReturn.MostPercentBesidePages, []);
    }
}
