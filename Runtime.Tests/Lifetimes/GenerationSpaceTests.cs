using FolioRuntime.Lifetimes;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace FolioRuntime.Tests.Lifetimes;

public class GenerationSpaceTests
{
    [TestCase(2, 2u, 3u)]
    [TestCase(3, 6u, 7u)]
    [TestCase(8, 254u, 255u)]
    [TestCase(32, uint.MaxValue - 1, uint.MaxValue)]
    public void LastIsBelowTheRetiredMarker(int bits, uint last, uint retired)
    {
        var space = new GenerationSpace(bits, 1);
        Assert.Multiple(() =>
        {
            Assert.That(space.Last, Is.EqualTo(last));
            Assert.That(space.Retired, Is.EqualTo(retired));
            Assert.That(space.IsRetired(LifetimeWord.Rented(space.Last).Freed), Is.True, "freeing the last generation retires the word");
            Assert.That(space.IsRetired(LifetimeWord.Dead(space.Last)), Is.False);
        });
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(32)]
    public void RandomStartsAreInTheLowerHalf(int bits)
    {
        for (var i = 0; i < 1000; i++)
            Assert.That(GenerationSpace.Random(bits).First, Is.InRange(1u, Math.Max(1u, (1u << (bits - 1)) - 1)));
    }

    [Test]
    public void TwoRuntimesHardlyEverStartAlike() =>
        Assert.That(Enumerable.Range(0, 100).Select(_ => GenerationSpace.Random(32).First).Distinct().Count(), Is.GreaterThan(95));

    [Test]
    public void AFreshWordIssuesTheFirst_AUsedOneItsOwn()
    {
        var space = new GenerationSpace(8, 77);
        Assert.Multiple(() =>
        {
            Assert.That(space.ToIssue(default), Is.EqualTo(77u));
            Assert.That(space.ToIssue(LifetimeWord.Dead(80)), Is.EqualTo(80u));
        });
    }

    [Test]
    public void RejectsWhatLeavesNoGeneration()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => _ = new GenerationSpace(1, 1), OutOfRange("bits"));
            Assert.That(() => _ = new GenerationSpace(33, 1), OutOfRange("bits"));
            Assert.That(() => _ = new GenerationSpace(3, 0), OutOfRange("first"));
            Assert.That(() => _ = new GenerationSpace(3, 7), OutOfRange("first"));
            Assert.That(() => GenerationSpace.Random(1), OutOfRange("bits"));
            Assert.That(() => GenerationSpace.Random(33), OutOfRange("bits"));
        });

        static IResolveConstraint OutOfRange(string name) =>
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo(name);
    }
}
