using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>What the bits of a word mean.</summary>
public class LifetimeWordTests
{
    [Test]
    public void IsEightBytes_WithTheFieldsWhereTheLayoutSays()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Unsafe.SizeOf<LifetimeWord>(), Is.EqualTo(8));
            Assert.That(LifetimeWord.Live, Is.EqualTo(1ul << 32));
            Assert.That(LifetimeWord.Owned, Is.EqualTo(1ul << 33));
            Assert.That(LifetimeWord.OneReference, Is.EqualTo(1ul << 34));
            Assert.That(unchecked(LifetimeWord.OneReference + LifetimeWord.MinusOneReference), Is.Zero);
            Assert.That(LifetimeWord.Live & LifetimeWord.Owned & LifetimeWord.OneReference & uint.MaxValue, Is.Zero);
        });
    }

    [Test]
    public void FreshZeroMemoryIsDeadAndUnowned()
    {
        var word = default(LifetimeWord);
        Assert.Multiple(() =>
        {
            Assert.That(word.IsLive, Is.False);
            Assert.That(word.IsOwned, Is.False);
            Assert.That(word.IsLiveAt(0), Is.False);
            Assert.That(word.References, Is.Zero);
        });
    }

    [Test]
    public void EachFormHasItsFieldsAndNoOthers()
    {
        var generation = 0xFEDC_BA98u;
        Assert.Multiple(() =>
        {
            Assert.That(Fields(LifetimeWord.Dead(generation)), Is.EqualTo((generation, false, false, 0u)));
            Assert.That(Fields(LifetimeWord.Rented(generation)), Is.EqualTo((generation, true, true, 0u)));
            Assert.That(Fields(LifetimeWord.Referenced(generation, 7)), Is.EqualTo((generation, true, false, 7u)));
            Assert.That(Fields(LifetimeWord.Exclusive(generation)), Is.EqualTo((generation, false, true, 0u)));
            Assert.That(Fields(new LifetimeWord(ulong.MaxValue)), Is.EqualTo((uint.MaxValue, true, true, (1u << 30) - 1)));
        });
    }

    [Test]
    public void FreeingAddsOneToTheGenerationAndClearsTheRest()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Fields(new LifetimeWord(~0xFFFF_FFFFul | 41).Freed), Is.EqualTo((42u, false, false, 0u)));
            Assert.That(Fields(LifetimeWord.Rented(uint.MaxValue - 1).Freed), Is.EqualTo((uint.MaxValue, false, false, 0u)), "the last generation's free doesn't carry");
        });
    }

    [Test]
    public void ReadsWellInMessages()
    {
        Assert.Multiple(() =>
        {
            Assert.That(LifetimeWord.Rented(5).ToString(), Is.EqualTo("(generation 5, live, owned, references 0)"));
            Assert.That(LifetimeWord.Dead(5).ToString(), Is.EqualTo("(generation 5, dead, references 0)"));
        });
    }

    private static (uint Generation, bool IsLive, bool IsOwned, uint References) Fields(LifetimeWord word) =>
        (word.Generation, word.IsLive, word.IsOwned, word.References);
}
