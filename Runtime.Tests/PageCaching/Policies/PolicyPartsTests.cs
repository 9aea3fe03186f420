using CsCheck;
using FolioRuntime.PageCaching.Policies;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>What policies are made of: lists, ghosts, the sketch, the climber.</summary>
internal sealed class PolicyPartsTests
{
    [Test]
    public void Lists_hold_what_plain_lists_hold() => Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], (node, list) => (node, list)).Array[0, 100].Sample(steps =>
    {
        var lists = new NodeLists(10, lists: 2);
        var model = new[] { new List<int>(), new List<int>() };
        foreach (var (node, list) in steps)
        {
            if (lists.ListOf(node) != NodeLists.None)
            {
                model[lists.ListOf(node)].Remove(node);
                lists.Remove(node);
            }

            if (list == 2)
                continue;
            lists.AddFirst(list, node);
            model[list].Insert(0, node);
            Assert.That(Nodes(lists, list), Is.EqualTo(model[list]));
            Assert.That((lists.Count(list), lists.Last(list)), Is.EqualTo((model[list].Count, model[list][^1])));
        }
    });

    [Test]
    public void A_node_takes_the_place_of_another()
    {
        var lists = new NodeLists(4, lists: 1);
        for (var node = 0; node < 3; node++)
            lists.AddFirst(0, node);
        lists.Replace(1, by: 3);
        Assert.That(Nodes(lists, 0), Is.EqualTo((int[])[2, 3, 0]));
        Assert.That(lists.ListOf(1), Is.EqualTo(NodeLists.None));
    }

    /// <summary>Fingerprints that all want the same places, so that gaps are closed across others and round the end.</summary>
    [Test]
    public void Ghosts_are_found_until_they_are_taken() => Gen.Select(Gen.UInt[0, 20], Gen.Bool, (value, isTaken) => (value, isTaken)).Array[0, 200].Sample(steps =>
    {
        var ghosts = new GhostTable(9);
        var model = new HashSet<uint>();
        foreach (var (value, isTaken) in steps)
        {
            var fingerprint = ((value % 3) << 30) + 29 + (value / 3);
            var node = ghosts.Find(fingerprint);
            Assert.That(node != NodeLists.None, Is.EqualTo(model.Contains(fingerprint)));
            if (isTaken && node != NodeLists.None)
            {
                ghosts.Remove(node);
                model.Remove(fingerprint);
            }
            else if (!isTaken && node == NodeLists.None && !ghosts.IsFull)
            {
                Assert.That(ghosts.FingerprintOf(ghosts.Add(fingerprint)), Is.EqualTo(fingerprint));
                model.Add(fingerprint);
            }

            Assert.That(ghosts.Count, Is.EqualTo(model.Count));
        }
    });

    [Test]
    public void A_queue_of_ghosts_drops_the_oldest()
    {
        var queue = new GhostQueue(2);
        for (var stamp = 1u; stamp <= 3; stamp++)
            queue.Add(stamp * 100, stamp);
        Assert.That(queue.TryTake(100, out _), Is.False);
        Assert.That(queue.TryTake(200, out var second), Is.True);
        Assert.That((second, queue.TryTake(200, out _), queue.Count), Is.EqualTo((2u, false, 1)));
    }

    [Test]
    public void A_sketch_never_tells_too_little_before_it_halves()
    {
        var sketch = new FrequencySketch(64);
        for (var use = 1; use <= 20; use++)
        {
            sketch.Add(Fingerprints.Of(1));
            Assert.That(sketch.Of(Fingerprints.Of(1)), Is.EqualTo(Math.Min(15, use)));
        }

        Assert.That(Enumerable.Range(1000, 100).Count(key => sketch.Of(Fingerprints.Of((ulong)key)) > 1), Is.LessThan(10));
    }

    [Test]
    public void A_sketch_forgets_by_halves()
    {
        var sketch = new FrequencySketch(1);
        for (var use = 0; use < 10; use++)
            sketch.Add(Fingerprints.Of(1));
        Assert.That(sketch.Of(Fingerprints.Of(1)), Is.EqualTo(5));
    }

    [Test]
    public void A_climber_goes_on_while_it_gets_better_and_turns_when_it_does_not()
    {
        var climber = new HillClimber(1000);
        Assert.That(climber.Target, Is.EqualTo(10));
        Sample(climber, hits: 1000);
        Sample(climber, hits: 900);
        var grown = climber.Target;
        Assert.That(grown, Is.GreaterThan(10), "what it did first made it worse");
        Sample(climber, hits: 2000);
        var better = climber.Target;
        Assert.That(better, Is.GreaterThan(grown));
        Sample(climber, hits: 1000);
        Assert.That(climber.Target, Is.LessThan(better));
    }

    private static void Sample(HillClimber climber, int hits)
    {
        for (var i = 0; i < hits; i++)
            climber.Hit();
        for (var i = hits; i < 10_000; i++)
            climber.Missed();
    }

    private static List<int> Nodes(NodeLists lists, int list)
    {
        var nodes = new List<int>();
        for (var node = lists.First(list); node != NodeLists.None; node = lists.Older(node))
            nodes.Add(node);
        return nodes;
    }
}
