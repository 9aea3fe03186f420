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
    public void ReferencesAreCountedOfAWordThatIsLiveInThatGeneration_AndOfNoOther()
    {
        uint[] generations = [0, 1, 2, 0x7FFF_FFFF, 0x8000_0000, uint.MaxValue - 1, uint.MaxValue];
        uint[] references = [0, 1, 2, LifetimeWord.ReferenceLimit, LifetimeWord.ReferenceLimit + 1, LifetimeWord.UnderflowFrom, (1u << 30) - 1];
        var words = from generation in generations
                    from count in references
                    from state in new[] { 0ul, LifetimeWord.Live, LifetimeWord.Owned, LifetimeWord.Live | LifetimeWord.Owned }
                    select new LifetimeWord(((ulong)count << LifetimeWord.ReferenceShift) | state | generation);
        foreach (var word in words)
        {
            foreach (var asked in generations)
            {
                var counted = word.ReferencesIfLiveAt(asked);
                if (word.IsLiveAt(asked))
                    Assert.That(counted, Is.EqualTo(word.References), $"{word}, asked for {asked}");
                else
                    Assert.That(counted, Is.GreaterThanOrEqualTo(1ul << 30), $"{word}, asked for {asked}");
            }
        }
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
