using FolioRuntime.Race.Traces;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>From what was recorded to what is told.</summary>
internal sealed class TraceTests
{
    private const ulong Frozen = 1ul << 31;
    private const int X = 0;
    private const int Y = 1;

    private readonly OpenCall _first = Call(11, TraceCallKind.Allocate, X, 1);
    private readonly OpenCall _guilty = Call(11, TraceCallKind.Put, X, 1, ended: false);
    private readonly OpenCall _get = Call(12, TraceCallKind.Get, X, 1);
    private readonly OpenCall _put = Call(12, TraceCallKind.Put, X, 1);
    private readonly OpenCall _last = Call(13, TraceCallKind.Allocate, Y, 9);
    private readonly OpenCall _lastPut = Call(13, TraceCallKind.Put, Y, 9, ended: false);

    [Test]
    public void Trimming_keeps_the_two_lives_that_matter_and_counts_the_rest()
    {
        var between = Life(14, X, 5).Concat(Life(15, Y, 6));
        var trace = TraceTrimmer.Trim("kernel-v4", "speculative", 1, _guilty, [.. Life(10, Y, 0), .. FirstLife(), .. between, .. LastLife()])!;
        Assert.That(trace.LivesLeftOut, Is.EqualTo(2));
        Assert.That(trace.Threads, Is.EqualTo(3));
        Assert.That(string.Join(' ', trace.Calls.Select(call => call.Object)), Is.EqualTo("1 1 1 1 9 9"));
        Assert.That(trace.Calls.Where(call => !call.Ended).Select(call => call.Thread), Is.EquivalentTo((int[])[0, 2]), "the guilty put and the last one");
        var wrong = trace.WrongDestructors.Single();
        Assert.That((wrong.DestructorType, wrong.ContentType), Is.EqualTo((X, Y)));
    }

    [Test]
    public void Trimming_leaves_out_look_ups_that_failed()
    {
        var failed = Call(16, TraceCallKind.Get, X, 1, succeeded: false);
        var trace = TraceTrimmer.Trim(
            "kernel-v4", "speculative", 1, _guilty, [.. FirstLife(), Step(failed, TraceOperation.Add, Frozen, Frozen + 1), .. LastLife()])!;
        Assert.That(trace.Threads, Is.EqualTo(3));
    }

    [Test]
    public void Trimming_gives_up_where_the_recording_does_not_reach_back()
    {
        Assert.That(TraceTrimmer.Trim("kernel-v4", "speculative", 1, _guilty, [.. FirstLife().Skip(1), .. LastLife()]), Is.Null);
        Assert.That(TraceTrimmer.Trim("kernel-v4", "speculative", 1, _guilty, []), Is.Null);
    }

    [Test]
    public void Trimming_gives_up_where_a_call_from_before_interferes()
    {
        var older = Call(17, TraceCallKind.Put, X, 0);
        RecordedStep[] steps =
        [
            Step(older, TraceOperation.Add, 1, 0), .. FirstLife(), Step(older, TraceOperation.CompareExchange, 0, Frozen), .. LastLife(),
        ];
        Assert.That(TraceTrimmer.Trim("kernel-v4", "speculative", 1, _guilty, steps), Is.Null);
    }

    [Test]
    public void The_timeline_tells_the_published_story()
    {
        var trace = TraceTrimmer.Trim("kernel-v4", "speculative", 1, _guilty, [.. FirstLife(), .. LastLife()])!;
        var text = string.Join('\n', Timeline.Of(trace).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.That(text, Is.EqualTo(
            """
            kernel-v4, speculative: destructor X ran on an object of type Y
            word T1 T2 T3
            refs 1 allocates as type X
            refs 0 put: -1 … stalls
            refs 1 try-get: +1
            refs 0 put: -1
            FROZEN CAS to FROZEN wins
            destructor X, slot free
            refs 1 allocates as type Y
            refs 0 put: -1 … about to CAS
            FROZEN resumes: CAS to FROZEN wins
            destructor X on an object of type Y
            """));
    }

    private static OpenCall Call(int thread, TraceCallKind kind, int type, long @object, bool ended = true, bool succeeded = true) =>
        new(thread, kind, type, @object) { Ended = ended, Succeeded = succeeded };

    private static RecordedStep Step(OpenCall call, TraceOperation operation, ulong before, ulong after) => new(call, operation, before, after);

    private static RecordedStep[] Life(int thread, int type, long id)
    {
        var put = Call(thread, TraceCallKind.Put, type, id);
        return
        [
            Step(Call(thread, TraceCallKind.Allocate, type, id), TraceOperation.Store, Frozen, 1),
            Step(put, TraceOperation.Add, 1, 0),
            Step(put, TraceOperation.CompareExchange, 0, Frozen),
            new RecordedStep(put, TraceOperation.Destroy, 0, 0, type, type),
        ];
    }

    private RecordedStep[] FirstLife() =>
    [
        Step(_first, TraceOperation.Store, Frozen, 1),
        Step(_guilty, TraceOperation.Add, 1, 0),
        Step(_get, TraceOperation.Add, 0, 1),
        Step(_put, TraceOperation.Add, 1, 0),
        Step(_put, TraceOperation.CompareExchange, 0, Frozen),
        new RecordedStep(_put, TraceOperation.Destroy, 0, 0, X, X),
    ];

    private RecordedStep[] LastLife() =>
    [
        Step(_last, TraceOperation.Store, Frozen, 1),
        Step(_lastPut, TraceOperation.Add, 1, 0),
        Step(_guilty, TraceOperation.CompareExchange, 0, Frozen),
        new RecordedStep(_guilty, TraceOperation.Destroy, 0, 0, X, Y),
    ];
}
