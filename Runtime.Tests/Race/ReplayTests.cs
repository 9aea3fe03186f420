using System.Text.Json;
using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Traces;
using FolioRuntime.Race.Workloads;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>
/// The published race, step by step on real threads: by a schedule written down here, and by schedules recorded from
/// threads that were left to themselves. The controls must fall for each, the runtime for none.
/// </summary>
internal sealed class ReplayTests
{
    private const int X = 0;
    private const int Y = 1;

    // T1 and T2 use type X, T3 type Y; one slot.
    private static readonly Trace s_published = Schedules.Of(
        [
            new TraceCall(0, TraceCallKind.Allocate, X, 1), new TraceCall(0, TraceCallKind.Put, X, 1),
            new TraceCall(1, TraceCallKind.Get, X, 1), new TraceCall(1, TraceCallKind.Put, X, 1),
            new TraceCall(2, TraceCallKind.Allocate, Y, 2), new TraceCall(2, TraceCallKind.Put, Y, 2),
        ],
        "0s 1a 2a 3a 3c 4s 5a 1c 5c");

    // Both putters stall at zero; the one that loses the first object ends the second.
    private static readonly Trace s_twoStalledPutters = Schedules.Of(
        [
            new TraceCall(0, TraceCallKind.Allocate, X, 1), new TraceCall(0, TraceCallKind.Put, X, 1),
            new TraceCall(1, TraceCallKind.Get, X, 1), new TraceCall(1, TraceCallKind.Put, X, 1),
            new TraceCall(0, TraceCallKind.Allocate, Y, 2), new TraceCall(0, TraceCallKind.Put, Y, 2),
        ],
        "0s 1a 2a 3a 1c 4s 5a 3c 5c");

    // As published, but the slot is recycled as the same type first, and as another one after that.
    private static readonly Trace s_twoLives = Schedules.Of(
        [
            new TraceCall(0, TraceCallKind.Allocate, X, 1), new TraceCall(0, TraceCallKind.Put, X, 1),
            new TraceCall(1, TraceCallKind.Get, X, 1), new TraceCall(1, TraceCallKind.Put, X, 1),
            new TraceCall(1, TraceCallKind.Allocate, X, 2), new TraceCall(1, TraceCallKind.Put, X, 2),
            new TraceCall(2, TraceCallKind.Allocate, Y, 3), new TraceCall(2, TraceCallKind.Put, Y, 3),
        ],
        "0s 1a 2a 3a 3c 4s 5a 5c 6s 7a 1c 7c");

    private static IEnumerable<TestCaseData> Schedules_and_controls =>
        from control in (string[])["kernel-v4", "sticky"]
        from schedule in (Trace[])[s_published, s_twoStalledPutters, s_twoLives]
        select new TestCaseData(schedule, control).SetArgDisplayNames(
            schedule == s_published ? "published" : schedule == s_twoStalledPutters ? "two stalled putters" : "two lives", control);

    [TestCaseSource(nameof(Schedules_and_controls))]
    public void Hazard1_2_3_a_control_runs_the_wrong_destructor(Trace schedule, string control)
    {
        var outcome = Replay.Run(schedule, ProtocolCatalog.Find(control));
        var wrong = outcome.WrongDestructors.Single();
        Assert.That((wrong.DestructorType, wrong.ContentType), Is.EqualTo((X, Y)));
        Assert.That(Timeline.Of(outcome).First(), Does.Contain("destructor X ran on an object of type Y"));
    }

    [TestCaseSource(nameof(Schedules_and_controls))]
    public void Hazard1_2_3_the_runtime_runs_each_destructor_once_on_its_own_type(Trace schedule, string control)
    {
        _ = control;
        var outcome = Replay.Run(schedule, ProtocolCatalog.Subject);
        Assert.That(outcome.WrongDestructors, Is.Empty);
        int[] destroyed = [.. outcome.Steps.Where(step => step.Operation == TraceOperation.Destroy).Select(step => step.ContentType)];
        int[] allocated = [.. schedule.Calls.Where(call => call.Kind == TraceCallKind.Allocate).Select(call => call.Type)];
        Assert.That(destroyed, Is.EqualTo(allocated), string.Join('\n', Timeline.Of(outcome)));
    }

    [Test]
    public void Sticky_falls_also_when_a_reader_helps_the_wrong_life()
    {
        // T1 stalls; T2 ends the first life; T3 stalls in the second, where a reader settles the zero: T1 claims the help.
        var schedule = Schedules.Of(
            [
                new TraceCall(0, TraceCallKind.Allocate, X, 1), new TraceCall(0, TraceCallKind.Put, X, 1),
                new TraceCall(1, TraceCallKind.Get, X, 1), new TraceCall(1, TraceCallKind.Put, X, 1),
                new TraceCall(2, TraceCallKind.Allocate, Y, 2), new TraceCall(2, TraceCallKind.Put, Y, 2),
                new TraceCall(3, TraceCallKind.Peek, Y, 2),
            ],
            "0s 1a 2a 3a 3c 4s 5a 6l 6c 1c 1c 5c");
        var wrong = Replay.Run(schedule, ProtocolCatalog.Find("sticky")).WrongDestructors.Single();
        Assert.That((wrong.DestructorType, wrong.ContentType), Is.EqualTo((X, Y)));
    }

    [TestCase("kernel-v4")]
    [TestCase("sticky")]
    public void A_recorded_violation_happens_again_when_replayed_and_not_over_the_runtime(string control)
    {
        var recorded = Record(control);
        var json = JsonSerializer.Serialize(recorded, TraceJson.Default.Trace);
        var trace = JsonSerializer.Deserialize(json, TraceJson.Default.Trace)!;
        Assert.That(recorded.WrongDestructors, Is.Not.Empty, string.Join('\n', Timeline.Of(recorded)));
        var (destructorType, contentType) = WrongDestructorOf(recorded);
        for (var run = 0; run < 5; run++)
        {
            var again = Replay.Run(trace, ProtocolCatalog.Find(control));
            Assert.That(again.WrongDestructors.Count(), Is.EqualTo(1), string.Join("\n", Timeline.Of(recorded).Concat(Timeline.Of(again))));
            Assert.That(WrongDestructorOf(again), Is.EqualTo((destructorType, contentType)), string.Join('\n', Timeline.Of(recorded)));
        }

        var subject = Replay.Run(trace, ProtocolCatalog.Subject);
        Assert.That(subject.WrongDestructors, Is.Empty, string.Join('\n', Timeline.Of(subject)));
    }

    [Test]
    public void A_schedule_that_nobody_can_follow_is_given_up()
    {
        // The second allocation is due before the first object is gone, and there is one slot.
        var schedule = Schedules.Of(
            [
                new TraceCall(0, TraceCallKind.Allocate, X, 1), new TraceCall(0, TraceCallKind.Put, X, 1),
                new TraceCall(1, TraceCallKind.Allocate, Y, 2), new TraceCall(1, TraceCallKind.Put, Y, 2),
            ],
            "0s 2s 1a 1c 3a 3c");
        var outcome = Replay.Run(schedule, ProtocolCatalog.Find("kernel-v4"));
        Assert.That(outcome.Steps.Count(step => step.Operation == TraceOperation.Destroy), Is.EqualTo(1));
    }

    private static (int DestructorType, int ContentType) WrongDestructorOf(Trace trace)
    {
        var wrong = trace.WrongDestructors.Single();
        return (wrong.DestructorType, wrong.ContentType);
    }

    // Ends as soon as one violation was traced; the time is only there for a protocol that never shows one.
    private static Trace Record(string control)
    {
        using var run = new ProtocolRun(ProtocolCatalog.Find(control), ScenarioCatalog.Find("speculative"), threads: 4, seed: 1, tracesWanted: 1);
        run.Run(TimeSpan.FromMinutes(2), _ => { }, CancellationToken.None);
        Assert.That(run.Traces!.Shortest, Is.Not.Null, "no violation was caught");
        return run.Traces.Shortest!;
    }
}
