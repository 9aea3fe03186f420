extern alias instrumented;

using instrumented::FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// Threads that don't come through: ended by an exception out of each access through the seam in turn, or standing there for ever. Others
/// go on, nothing is handed out twice, and what is lost is at most what the thread had in its hand.
/// </summary>
[TestFixture(32)]
[TestFixture(6)]
internal sealed class ThreadEndTests(int generationBits)
{
    private static IEnumerable<EndingPlay> Plays => EndingPlay.All;

    [TestCaseSource(nameof(Plays))]
    public void Ended_at_each_point_outside_latches_a_thread_takes_no_more_with_it_than_its_hand_holds(EndingPlay play)
    {
        var worst = new Worst();
        var points = Sweep(play, stands: false, (_, region, _, _) => region != SeamRegion.Latched, (victim, scene) =>
        {
            scene.LetOthersGoOn();
            worst.RequireBounded(play, scene);
            scene.End();
        });
        TestContext.Out.WriteLine($"{play}: ended at {points} points outside latches; {worst}");
        Assert.That(points, Is.GreaterThan(5));
    }

    [TestCaseSource(nameof(Plays))]
    public void Standing_for_ever_at_each_point_outside_latches_a_thread_stops_nobody(EndingPlay play)
    {
        var worst = new Worst();
        var points = Sweep(play, stands: true, IsWhereOthersAreLetIn, (victim, scene) =>
        {
            scene.LetOthersGoOn();
            worst.RequireBounded(play, scene);
            scene.End();
        });
        TestContext.Out.WriteLine($"{play}: stood at {points} points outside latches; {worst}");
        Assert.That(points, Is.GreaterThan(3));
    }

    /// <summary>
    /// No exception comes out of a latched section but the observer's: no user code runs in it, and calls to the system that fail are
    /// caught in it. So no list or count is promised to hold together; but the latch is given back, nobody waits for ever, and nothing
    /// that users have is handed to others.
    /// </summary>
    [TestCaseSource(nameof(Plays))]
    public void Ended_inside_a_latch_a_thread_gives_the_latch_back_and_what_users_have_stays_theirs(EndingPlay play)
    {
        var marred = new SortedDictionary<string, int>();
        var points = Sweep(play, stands: false, IsInsideALatch, (victim, scene) =>
        {
            try
            {
                scene.LetOthersGoOn();
                scene.End();
            }
            catch (FaultFoundException found) when (!found.Message.Contains("for ever", StringComparison.Ordinal))
            {
                marred[found.Message] = marred.GetValueOrDefault(found.Message) + 1;
            }
        });
        TestContext.Out.WriteLine($"{play}: ended at {points} points inside latches; {marred.Values.Sum()} left damage{string.Concat(marred.Select(item => $"\n  {item.Value} × {item.Key}"))}");
        Assert.That(points, Is.GreaterThan(1));
        Assert.That(marred.Keys, Has.None.Contains("twice").And.None.Contains("bystander"), "what users have stays theirs");
    }

    /// <summary>The control: a thread that returns an object's slot behind the cache's back, after which it is handed out twice.</summary>
    [Test]
    public void A_slot_that_is_in_circulation_twice_is_found()
    {
        using var scene = new EndingScene(instrumented::FolioRuntime.Slabs.SlabDiscipline.Shared, generationBits);
        scene.Cache.Untyped.Store.Give([scene.Bystanders[0].Index]);
        Assert.That(scene.LetOthersGoOn, Throws.TypeOf<FaultFoundException>());
    }

    /// <summary>The control of the count: frames that somebody took and forgot.</summary>
    [Test]
    public void A_frame_that_nobody_has_is_counted_as_lost()
    {
        using var scene = new EndingScene(instrumented::FolioRuntime.Slabs.SlabDiscipline.Shared, generationBits);
        Assert.That(scene.Runtime.Pages.TryAllocate(2, instrumented::FolioRuntime.Pages.FrameUses.Slab, out _), Is.True);
        scene.LetOthersGoOn();
        Assert.That(scene.LostFrames, Is.EqualTo(4));
        Assert.That(() => new Worst().RequireBounded(EndingPlay.All[0] with { MostFrames = 3 }, scene), Throws.TypeOf<FaultFoundException>());
    }

    /// <summary>
    /// All accesses but those to managed words by plain loads and stores: a load changes nothing, so standing before it is standing before what comes next;
    /// and the stores are those of the thread's own biased latch, which others wait for as for any latch.
    /// </summary>
    private static bool IsWhereOthersAreLetIn(EndingScene scene, SeamRegion region, SeamOperation operation, nint address) =>
        region == SeamRegion.Outside && (operation is not (SeamOperation.LoadAcquire or SeamOperation.StoreRelease) || scene.IsInTables(address));

    /// <summary>All accesses but looks at lifetime words, of which there is one for each slot of a new slab.</summary>
    private static bool IsInsideALatch(EndingScene scene, SeamRegion region, SeamOperation operation, nint address) =>
        region == SeamRegion.Latched && (operation != SeamOperation.LoadAcquire || !scene.IsInTables(address));

    private int Sweep(EndingPlay play, bool stands, Func<EndingScene, SeamRegion, SeamOperation, nint, bool> isPoint, Action<Victim, EndingScene> afterwards)
    {
        for (var point = 1; ; point++)
        {
            using var scene = new EndingScene(play.Discipline, generationBits);
            using var victim = new Victim(play.Prepare(scene), point, stands, (region, operation, address) => isPoint(scene, region, operation, address));
            victim.Run();
            Expect.That(victim.Failure is null, $"point {point}: the victim met {victim.Failure}");
            if (!victim.IsStruck)
                return point - 1;
            try
            {
                afterwards(victim, scene);
            }
            catch (FaultFoundException found)
            {
                throw new FaultFoundException($"{play}, point {point}, {victim.Place}: {found.Message}");
            }
        }
    }

    /// <summary>The most that was lost at any point.</summary>
    private sealed class Worst
    {
        private long _objects;
        private long _frames;

        public void RequireBounded(EndingPlay play, EndingScene scene)
        {
            _objects = Math.Max(_objects, scene.LostObjects);
            _frames = Math.Max(_frames, scene.LostFrames);
            Expect.That(scene.LostObjects <= play.MostObjects, $"{scene.LostObjects} objects are lost, and the hand holds {play.MostObjects}");
            Expect.That(scene.LostFrames <= play.MostFrames, $"{scene.LostFrames} frames are lost, and the hand holds {play.MostFrames}");
        }

        public override string ToString() => $"at most {_objects} objects and {_frames} frames lost";
    }
}
