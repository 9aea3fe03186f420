using FolioRuntime.Report;
using NUnit.Framework;

namespace FolioRuntime.Tests.Report;

/// <summary>Figures and names as pages have them.</summary>
internal sealed class FiguresTests
{
    [TestCase(0, "0.00")]
    [TestCase(0.0012, "0.0012")]
    [TestCase(0.5, "0.50")]
    [TestCase(9.99, "9.99")]
    [TestCase(9.996, "10.0")]
    [TestCase(99.96, "100")]
    [TestCase(12345, "12345")]
    public void Digits_are_three(double value, string text) => Assert.That(Figures.Digits(value), Is.EqualTo(text));

    [TestCase(12, "12.0")]
    [TestCase(4567, "4.57 k")]
    [TestCase(4.567e7, "45.7 M")]
    [TestCase(3e9, "3.00 G")]
    public void Rates_have_a_prefix(double value, string text) => Assert.That(Figures.Rate(value), Is.EqualTo(text));

    [TestCase(45, "45.0 ns")]
    [TestCase(2500, "2.50 µs")]
    [TestCase(2.5e6, "2.50 ms")]
    [TestCase(4e9, "4.00 s")]
    public void Times_have_a_unit(double nanoseconds, string text) => Assert.That(Figures.Time(nanoseconds), Is.EqualTo(text));

    [TestCase(100, "100 ns")]
    [TestCase(20, "20 ns")]
    [TestCase(1000, "1 µs")]
    [TestCase(1500, "1.5 µs")]
    public void Ticks_have_no_zeros_at_the_end(double nanoseconds, string text) => Assert.That(Figures.Tick(Figures.Time)(nanoseconds), Is.EqualTo(text));

    [TestCase(0.0123, "1.2 %")]
    [TestCase(0.5, "50 %")]
    public void Parts_are_per_cent(double part, string text) => Assert.That(Figures.Part(part), Is.EqualTo(text));

    [Test]
    public void Slugs_are_plain_and_none_is_given_out_twice()
    {
        var slugs = new Slugs();
        Assert.That(
            ((string[])["xmalloc-testN", "../a b", "A B", "a-b-2", "ünï", "<>", "a/b"]).Select(slugs.For),
            Is.EqualTo((string[])["xmalloc-testn", "a-b", "a-b-2", "a-b-2-2", "n", "unnamed", "a-b-3"]));
    }
}
