using System.Globalization;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

/// <summary>Quantities as values: their order, and how they are printed.</summary>
internal sealed class QuantityTests
{
    private static readonly int[] s_signs = [-1, 0, 1];

    [Test]
    public void Byte_counts_are_ordered_by_size([Values(1L, 2, 3)] long left)
    {
        var (one, two) = (new ByteCount(left), new ByteCount(2));
        Assert.That((one < two, one <= two, one > two, one >= two), Is.EqualTo((left < 2, left <= 2, left > 2, left >= 2)));
        Assert.That(Math.Sign(one.CompareTo(two)), Is.EqualTo(s_signs[left - 1]));
    }

    [Test]
    public void Orders_are_ordered_by_size([Values(1, 2, 3)] int left)
    {
        var (one, two) = (new PageOrder(left), new PageOrder(2));
        Assert.That((one < two, one <= two, one > two, one >= two), Is.EqualTo((left < 2, left <= 2, left > 2, left >= 2)));
        Assert.That(Math.Sign(one.CompareTo(two)), Is.EqualTo(s_signs[left - 1]));
        Assert.That(one.ToString(), Is.EqualTo(left.ToString(CultureInfo.InvariantCulture)));
    }

    [TestCase(0, "0 B")]
    [TestCase(1023, "1023 B")]
    [TestCase(1024, "1 KiB")]
    [TestCase(1536 << 10, "1.5 MiB")]
    [TestCase(1L << 30, "1 GiB")]
    [TestCase(1L << 40, "1 TiB")]
    [TestCase(1L << 50, "1 PiB")]
    [TestCase(1L << 60, "1024 PiB")]
    public void Byte_counts_are_printed_in_the_largest_unit_that_leaves_a_whole(long bytes, string text) => Assert.That(new ByteCount(bytes).ToString(), Is.EqualTo(text));

    [Test]
    public void A_broken_invariant_is_named()
    {
        var cause = new IOException();
        var broken = new InvariantViolatedException("L1", cause);
        Assert.That((broken.Message, broken.InnerException), Is.EqualTo(("Invariant violated: L1.", (Exception)cause)));
        Assert.That(new InvariantViolatedException("L1").Message, Is.EqualTo("Invariant violated: L1."));
        Assert.That(new InvariantViolatedException().Message, Is.EqualTo("Invariant violated: unnamed."));
        Assert.That(() => Invariant.Require(false, "L1"), Throws.InstanceOf<InvariantViolatedException>().With.Message.Contains("L1"));
        Assert.That(() => Invariant.Require(true, "L1"), Throws.Nothing);
    }
}
