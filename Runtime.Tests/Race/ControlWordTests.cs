using FolioRuntime.Race.Controls;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>The controls' counters do what was published: a change to this frozen code shows here.</summary>
internal sealed class ControlWordTests
{
    [Test]
    public void KernelV4_counts_up_and_down_and_freezes_at_zero()
    {
        var word = KernelV4Word.Dead;
        KernelV4Word.Publish(ref word);
        Assert.That(KernelV4Word.TryGet(ref word), Is.True);
        Assert.That(KernelV4Word.References(ref word), Is.EqualTo(2));
        Assert.That(KernelV4Word.Put(ref word), Is.False);
        Assert.That(KernelV4Word.Put(ref word), Is.True);
        Assert.That(word, Is.EqualTo(KernelV4Word.Frozen));
        Assert.That(KernelV4Word.References(ref word), Is.Zero);
    }

    [Test]
    public void KernelV4_leaves_a_failed_add_behind_and_resets_strays_past_the_limit()
    {
        var word = KernelV4Word.Frozen;
        Assert.That(KernelV4Word.TryGet(ref word), Is.False);
        Assert.That(word, Is.EqualTo(KernelV4Word.Frozen + 1));
        word = KernelV4Word.Frozen | (1ul << 30);
        Assert.That(KernelV4Word.TryGet(ref word), Is.False);
        Assert.That(word, Is.EqualTo(KernelV4Word.Frozen));
    }

    [Test]
    public void Sticky_sets_zero_and_stays_there()
    {
        var word = StickyWord.Dead;
        StickyWord.Publish(ref word);
        Assert.That(StickyWord.TryGet(ref word), Is.True);
        Assert.That(StickyWord.Put(ref word), Is.False);
        Assert.That(StickyWord.Put(ref word), Is.True);
        Assert.That(StickyWord.TryGet(ref word), Is.False);
        Assert.That(StickyWord.References(ref word), Is.Zero);
    }

    [Test]
    public void Sticky_readers_settle_a_bare_zero()
    {
        var word = 0ul;
        Assert.That(StickyWord.References(ref word), Is.Zero);
        Assert.That(word, Is.EqualTo(StickyWord.Zero | StickyWord.Helped));
        Assert.That(StickyWord.TryGet(ref word), Is.False);
    }
}
