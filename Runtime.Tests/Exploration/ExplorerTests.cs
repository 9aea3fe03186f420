extern alias instrumented;

using FolioRuntime.Exploration.Engine;
using instrumented::FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Exploration;

/// <summary>Algorithms with known faults: each must be found, told in words, and found again by its schedule. And ones that are right.</summary>
[TestFixture]
[Category("Exploration")]
[NonParallelizable]
public sealed class ExplorerTests
{
    private static readonly Dependence s_sequential = new(weak: false);

    [Test]
    public void A_lost_update_is_found_and_replayed_from_its_schedule()
    {
        var found = Explore(LostUpdate, new SourceSetSearch(s_sequential)).Failure!;
        Assert.That(found.Message, Does.Contain("updates: 1 and not 2"));
        var replayed = Explore(LostUpdate, new ReplaySearch(Schedule.Parse(found.Schedule))).Failure!;
        Assert.That(replayed with { Execution = found.Execution }, Is.EqualTo(found), "message, schedule and timeline");
        Assert.That(found.Timeline, Does.Contain("load count").And.Contain("store count").And.Contain("0 → 1"));
        TestContext.Out.WriteLine(found);
    }

    [Test]
    public void A_lost_update_takes_one_preemption()
    {
        Assert.That(Explore(LostUpdate, new DepthFirstSearch(0)).Failure, Is.Null);
        Assert.That(Explore(LostUpdate, new DepthFirstSearch(1)).Failure, Is.Not.Null);
        Assert.That(Explore(LostUpdate, new RandomPrioritySearch(seed: 1, changes: 2, executions: 500)).Failure, Is.Not.Null);
    }

    [Test]
    public void A_stack_whose_head_can_come_back_is_caught_and_one_with_a_tag_is_complete_and_clean()
    {
        var caught = Explore(() => FreeStackScene.Make(tagged: false), new SourceSetSearch(s_sequential));
        Assert.That(caught.Failure?.Message, Does.Contain("taken twice"));
        Assert.That(Explore(() => FreeStackScene.Make(tagged: false), new DepthFirstSearch(1)).Failure, Is.Not.Null);
        var clean = Explore(() => FreeStackScene.Make(tagged: true), new SourceSetSearch(s_sequential));
        Assert.That(clean.Failure, Is.Null);
        Assert.That(clean.IsComplete, Is.True);
        TestContext.Out.WriteLine($"caught at execution {caught.Executions}; tagged: {clean.Executions} executions");
    }

    [Test]
    public void Petersons_lock_is_right_sequentially_and_wrong_without_a_fence()
    {
        Assert.That(Explore(() => PetersonScene.Make(fenced: false), new SourceSetSearch(s_sequential)).Failure, Is.Null);
        var broken = Explore(() => PetersonScene.Make(fenced: false), new SourceSetSearch(new Dependence(weak: true)), MemoryKind.Weak).Failure!;
        Assert.That(broken.Message, Does.Contain("both inside"));
        Assert.That(
            Explore(() => PetersonScene.Make(fenced: false), new ReplaySearch(Schedule.Parse(broken.Schedule)), MemoryKind.Weak).Failure?.Message,
            Is.EqualTo(broken.Message), "also the old values that loads were given are in the schedule");
        var right = Explore(() => PetersonScene.Make(fenced: true), new SourceSetSearch(new Dependence(weak: true)), MemoryKind.Weak);
        Assert.That(right.Failure, Is.Null);
        Assert.That(right.IsComplete, Is.True);
    }

    [Test]
    public void Latches_in_opposite_orders_are_a_deadlock_that_says_who_waits_for_whom()
    {
        var result = Explore(
            () =>
            {
                var (first, second) = (new Latch(), new Latch());
                return new Scene(() => Nest(first, second), () => Nest(second, first));
            },
            new SourceSetSearch(s_sequential));
        Assert.That(result.Failure?.Message, Is.EqualTo("nobody can go on: A waits for a latch that B holds, B waits for a latch that A holds"));

        static void Nest(Latch outer, Latch inner)
        {
            using (outer.Hold())
            {
                using (inner.Hold())
                {
                }
            }
        }
    }

    [Test]
    public void A_wait_for_what_nobody_does_is_found_and_one_for_what_somebody_does_ends()
    {
        Assert.That(Explore(() => Waiting(done: false), new SourceSetSearch(s_sequential)).Failure?.Message, Does.Contain("A waits for a word to change that nobody will change"));
        var ends = Explore(() => Waiting(done: true), new SourceSetSearch(s_sequential));
        Assert.That(ends.Failure, Is.Null);
        Assert.That(ends.Executions, Is.EqualTo(2), "it waits, or it needn't");
        Assert.That(Explore(() => Waiting(done: true), new DepthFirstSearch(), MemoryKind.Weak).Failure, Is.Null, "no store stays unseen for ever");

        static Scene Waiting(bool done)
        {
            var words = new Words(2);
            return new Scene(() => words.Await(0), () => words.Store(done ? 0 : 1, 1)) { Close = words.Dispose };
        }
    }

    [Test]
    public void A_loop_without_end_is_cut_off()
    {
        using var explorer = new Explorer(mostSteps: 50);
        var result = explorer.Run(
            () =>
            {
                var words = new Words(1);
                return new Scene(
                    () =>
                    {
                        while (words.Load(0) == 0)
                        {
                        }
                    },
                    () => words.Store(0, 1))
                {
                    Close = words.Dispose,
                };
            },
            new DepthFirstSearch());
        Assert.That(result.Failure?.Message, Is.EqualTo("no end after 50 steps"));
    }

    [Test]
    public void An_exception_of_a_thread_ends_the_execution_and_the_others_are_unwound_with_their_latches()
    {
        var latch = new Latch();
        var result = Explore(
            () =>
            {
                var words = new Words(1);
                return new Scene(
                    () =>
                    {
                        using (latch.Hold())
                            words.Add(0, 1);
                    },
                    () =>
                    {
                        words.Add(0, 1);
                        throw new InvalidTimeZoneException("planted");
                    })
                {
                    Close = words.Dispose,
                };
            },
            new SourceSetSearch(s_sequential));
        Assert.That(result.Failure?.Message, Is.EqualTo("B: InvalidTimeZoneException: planted"));
        Assert.That(Task.Run(() => latch.Hold().Dispose()).Wait(TimeSpan.FromMinutes(1)), Is.True, "the latch is free for another thread");
    }

    [Test]
    public void An_end_of_a_thread_is_a_step_that_orders_what_it_did()
    {
        var result = Explore(
            () =>
            {
                var words = new Words(1);
                Thread? first = null;
                var alive = 0;
                return new Scene(
                    () =>
                    {
                        first = Thread.CurrentThread;
                        Content.Write(ref words[0], 1);
                    },
                    () =>
                    {
                        if (Atomics.IsAlive(first!))
                            alive++;
                        else
                            Requirement.Equal(Content.Read(ref words[0]), 1ul, "what an ended thread did");
                    })
                {
                    EndsMatter = true,
                    State = () => $"{alive}",
                    Close = words.Dispose,
                };
            },
            new SourceSetSearch(new Dependence(weak: true)),
            MemoryKind.Weak);
        Assert.That(result.Failure, Is.Null);
        Assert.That(result.States, Is.EquivalentTo((string[])["0", "1"]));
    }

    [Test]
    public void Plain_accesses_that_nothing_orders_are_a_race_and_those_that_something_orders_are_not()
    {
        var races = new RaceDetector();
        races.Begin(threads: 2);
        races.Write(0, 100, 8, "the field in one method");
        races.Synchronise(new Step(0, new Access(SeamOperation.StoreRelease, 200), 0, 1));
        races.Synchronise(new Step(1, new Access(SeamOperation.LoadAcquire, 200), 1, 1));
        races.Read(1, 100, 8, "the field in another");
        Assert.That(races.Found, Is.Null, "released and acquired");
        races.Write(0, 100, 8, "the field in one method");
        Assert.That(races.Found, Is.EqualTo("data race: B read the field in another, and nothing orders it before A that writes the field in one method"));
    }

    [Test]
    public void A_schedule_that_is_none_is_refused_and_one_of_another_scene_is_noticed()
    {
        foreach (var text in new[] { "3A", "A", "A0", "a3", "A1.x", "A1.2.3", "A-1" })
            Assert.That(() => Schedule.Parse(text), Throws.TypeOf<FormatException>(), text);
        Assert.That(Schedule.Parse("A3 B2.1 A4").ToString(), Is.EqualTo("A3 B2.1 A4"));
        var replay = new ReplaySearch(Schedule.Parse("C9"));
        Assert.That(Explore(LostUpdate, replay).Failure, Is.Null);
        Assert.That(replay.HasDiverged, Is.True);
    }

    private static Scene LostUpdate()
    {
        var words = new Words(1);
        return new Scene(Update, Update)
        {
            Check = () => Requirement.Equal(words[0], 2ul, "updates"),
            Close = words.Dispose,
            Names = { [AddressOf(words)] = ("count", null) },
        };

        void Update() => words.Store(0, words.Load(0) + 1);
    }

    // SAFETY: native memory; the address is only compared.
    private static unsafe nint AddressOf(Words words) => (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref words[0]);

    private static ExplorationResult Explore(Func<Scene> make, Search search, MemoryKind memory = MemoryKind.Sequential)
    {
        using var explorer = new Explorer(memory);
        return explorer.Run(make, search);
    }
}
