using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

public sealed class SlotBitmapTests
{
    private static readonly uint[] s_ordinals = [0, 5, 63, 64, 65, 127, 128, 150];

    [TestCase(1u, 1)]
    [TestCase(63u, 1)]
    [TestCase(64u, 1)]
    [TestCase(65u, 2)]
    [TestCase(128u, 2)]
    [TestCase(129u, 3)]
    public void There_are_as_many_words_as_the_slots_need(uint slots, int words) =>
        Assert.That(SlotBitmap.WordsFor(slots), Is.EqualTo(words));

    [Test]
    public void What_is_set_is_set_counted_and_taken_once_lowest_first()
    {
        var bitmap = new SlotBitmap(new ulong[3]);
        foreach (var ordinal in s_ordinals)
            bitmap.Set(ordinal);
        for (var ordinal = 0u; ordinal < 192; ordinal++)
            Assert.That(bitmap.IsSet(ordinal), Is.EqualTo(s_ordinals.Contains(ordinal)), $"{ordinal}");
        Assert.That(bitmap.Count(), Is.EqualTo(s_ordinals.Length));

        // Three at a time: within a word, across words, and at last fewer than asked for.
        var taken = new List<uint>();
        var batch = new uint[3];
        var firstFreeWord = 0u;
        int got;
        while ((got = bitmap.Take(batch, 1000, ref firstFreeWord)) > 0)
        {
            taken.AddRange(batch.AsSpan(0, got));
            Assert.That(bitmap.Count(), Is.EqualTo(s_ordinals.Length - taken.Count));
            Assert.That(bitmap.Words[..(int)firstFreeWord].IndexOfAnyExcept(0ul), Is.Negative);
        }

        Assert.That(taken, Is.EqualTo(s_ordinals.Select(ordinal => 1000 + ordinal)));
    }

    [Test]
    public void Setting_twice_sets_once_and_clearing_clears_all()
    {
        var bitmap = new SlotBitmap(new ulong[2]);
        bitmap.Set(70);
        bitmap.Set(70);
        Assert.That(bitmap.Count(), Is.EqualTo(1));
        var firstFreeWord = 0u;
        Assert.That(bitmap.Take([], 0, ref firstFreeWord), Is.Zero, "no room, nothing taken");
        firstFreeWord = 2;
        Assert.That(bitmap.Take(new uint[1], 0, ref firstFreeWord), Is.Zero, "nothing is looked for before the word that is said to be the first");
        Assert.That(bitmap.IsSet(70), Is.True);
        bitmap.Clear();
        Assert.That(bitmap.Count(), Is.Zero);
    }

    [TestCase(0u, true, 0u)]
    [TestCase(1u, true, 5u)]
    [TestCase(6u, true, 63u)]
    [TestCase(129u, true, 150u)]
    [TestCase(151u, true, 190u)]
    [TestCase(0u, false, 1u)]
    [TestCase(63u, false, 66u)]
    [TestCase(127u, false, 129u)]
    [TestCase(189u, false, 189u)]
    [TestCase(190u, false, 190u)]
    public void The_next_one_is_found_across_words_and_the_end_if_there_is_none(uint start, bool set, uint next)
    {
        var bitmap = new SlotBitmap(new ulong[3]);
        foreach (var ordinal in s_ordinals)
            bitmap.Set(ordinal);

        Assert.That(bitmap.Next(start, set, end: 190), Is.EqualTo(next));
    }
}
