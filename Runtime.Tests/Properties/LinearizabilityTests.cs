using NUnit.Framework;

namespace FolioRuntime.Tests.Properties;

/// <summary>The checker of histories against histories whose verdict is known: of a register that is written and read.</summary>
public sealed class LinearizabilityTests
{
    [Test]
    public void A_read_may_see_a_write_that_overlaps_it_or_what_was_there_before([Values(0, 1)] int seen) =>
        Assert.That(Explains(Write(1, 1, begin: 1, end: 4), Read(2, seen, begin: 2, end: 3)), Is.True);

    [Test]
    public void A_read_after_a_write_sees_it([Values(0, 1)] int seen) =>
        Assert.That(Explains(Write(1, 1, begin: 1, end: 2), Read(2, seen, begin: 3, end: 4)), Is.EqualTo(seen == 1));

    [Test]
    public void Two_reads_one_after_the_other_agree_on_the_order_of_two_writes([Values(1, 2)] int last) =>
        Assert.That(
            Explains(
                Write(1, 1, begin: 1, end: 10), Write(2, 2, begin: 2, end: 9), Read(3, 1, begin: 3, end: 4), Read(3, 2, begin: 5, end: 6), Read(3, last, begin: 7, end: 8)),
            Is.EqualTo(last == 2));

    [Test]
    public void A_call_of_two_steps_lets_others_in_between([Values] bool isOneStep)
    {
        // Adds 1 twice; the read that overlaps it sees the middle.
        var history = new[] { new HistoryCall<string, int>(1, "add 1 twice", 0, 1, 4), Read(2, 1, begin: 2, end: 3) };
        Assert.That(Linearizability.Explains(history, new Register(isOneStep ? 1 : 2), _ => true), Is.EqualTo(!isOneStep));
    }

    [Test]
    public void The_state_at_the_end_must_fit_too([Values(1, 2)] int found) =>
        Assert.That(
            Linearizability.Explains([Write(1, 1, begin: 1, end: 2), Write(2, 2, begin: 3, end: 4)], new Register(1), end => end == found),
            Is.EqualTo(found == 2));

    private static bool Explains(params HistoryCall<string, int>[] history) => Linearizability.Explains(history, new Register(1), _ => true);

    private static HistoryCall<string, int> Write(int thread, int value, long begin, long end) => new(thread, "write", value, begin, end);

    private static HistoryCall<string, int> Read(int thread, int value, long begin, long end) => new(thread, "read", value, begin, end);

    private sealed class Register(int stepsOfAnAdd) : ISequentialModel<int, string, int>
    {
        public int Initial => 0;

        public int StepsOf(HistoryCall<string, int> call) => call.Call == "add 1 twice" ? stepsOfAnAdd : 1;

        public bool TryStep(int state, HistoryCall<string, int> call, int number, int step, bool isAlone, out int next)
        {
            next = call.Call switch
            {
                "write" => call.Result,
                "add 1 twice" => state + (2 / stepsOfAnAdd),
                _ => state,
            };
            return call.Call != "read" || state == call.Result;
        }
    }
}
