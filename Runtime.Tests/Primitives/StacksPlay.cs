extern alias instrumented;

using FolioRuntime.Tests.Properties;
using FolioRuntime.Tests.Schedules;
using instrumented::FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

/// <summary>A few threads on one set of instrumented per-thread stacks, and the history of what they were answered.</summary>
internal sealed class StacksPlay(int capacity, StackBug bug)
{
    public const int Threads = 3;

    private readonly History<StackCall, string> _history = new();
    private readonly List<uint> _givenBack = [];
    private readonly ThreadStack[] _stacks = new ThreadStack[Threads];
    private ThreadStackSet _set = null!;
    private uint _next;
    private uint _place;

    /// <summary>One call after the other, on threads of their own that may end in between.</summary>
    public static void PlayOneAfterAnother((int Capacity, StackBug Bug) setting, Step[] program)
    {
        var play = new StacksPlay(setting.Capacity, setting.Bug);
        play.Open();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Puppet()).ToArray();
        try
        {
            foreach (var step in program.Where(step => step.Kind != StackCallKind.Turn))
            {
                if (step.Kind == StackCallKind.EndThread)
                    play.End(threads, step.Thread);
                else
                    threads[step.Thread].Run(() => play.Do(step));
            }
        }
        finally
        {
            foreach (var thread in threads)
                thread.Dispose();
        }

        play.RequireExplained(isInOrder: true);
    }

    public static void PlayInTurns((int Capacity, StackBug Bug) setting, Step[] program)
    {
        var play = new StacksPlay(setting.Capacity, setting.Bug);
        play.Open();
        var turns = program.Where(step => step.Kind == StackCallKind.Turn).Select(step => new Actors.Turn(step.Thread, step.Number));
        Actors.PlayInTurns(play.Parts(program), turns, seen => seen.IsPlace);
        play.RequireExplained(isInOrder: false);
    }

    public static void PlayFreely((int Capacity, ulong Seed) setting, Step[] program)
    {
        var play = new StacksPlay(setting.Capacity, StackBug.None);
        play.Open();

        // What is left is taken while all threads live: what an ended one kept may come back at any moment, with a collection, past the history.
        string? left = null;
        using var done = new Barrier(Threads, _ => left = play.TakeLeft());
        Actors.PlayFreely([.. play.Parts(program).Select<Action, Action>(part => () => Played(part, done))], setting.Seed);
        play.RequireExplained(isInOrder: false, left);
    }

    private static void Played(Action part, Barrier done)
    {
        try
        {
            part();
        }
        finally
        {
            done.SignalAndWait();
        }
    }

    private string TakeLeft() => Text(Drain().Order());

    private void Open() => _set = new ThreadStackSet(capacity, GiveBack);

    private Action[] Parts(Step[] program) => [.. Enumerable.Range(0, Threads).Select<int, Action>(thread => () =>
    {
        foreach (var step in program.Where(step => step.Thread == thread && step.Kind < StackCallKind.Turn).Take(Linearizability.MostCalls / Threads))
            Do(step);
    })];

    private void Do(Step step)
    {
        var stack = _stacks[step.Thread] = _set.Current;
        var call = new StackCall(step.Kind, step.Kind is StackCallKind.Push or StackCallKind.Refill ? Interlocked.Add(ref _next, 2) : 0);
        _history.Record(step.Thread, call, () => Answer(stack, call));
    }

    private string Answer(ThreadStack stack, StackCall call)
    {
        switch (call.Kind)
        {
            case StackCallKind.Push:
                return stack.TryPush(call.Item) || bug == StackBug.DropsWhatDoesNotFit ? "pushed" : "full";
            case StackCallKind.Pop:
                return bug == StackBug.PopsTheOldest && stack.Count > 0 ? Text(Take(stack, 1)) : stack.TryPop(out var item) ? $"{item}" : "empty";
            case StackCallKind.Refill:
                return $"{stack.Refill(bug == StackBug.RefillsOneTooFew ? [call.Item] : [call.Item, call.Item + 1])}";
            case StackCallKind.TakeOldest:
                return bug == StackBug.FlushesTheNewest && stack.TryPop(out var newest) ? $"{newest}" : Text(Take(stack, 2));
            default:
                return Text(Drain().Order());
        }
    }

    private List<uint> Drain()
    {
        var drained = new List<uint>();
        if (bug != StackBug.DrainsWithoutShuttingTheOwnerOut)
        {
            _set.DrainAll(items => drained.AddRange(bug == StackBug.ForgetsOneAtADrain ? items[1..] : items));
            return drained;
        }

        foreach (var stack in _stacks.Where(stack => stack.Exists))
        {
            drained.AddRange(stack.ItemsForRevoker);
            Atomics.Exchange(ref _place, 1);
            stack.EmptiedByRevoker();
        }

        return drained;
    }

    private void End(Puppet[] threads, int thread)
    {
        // What an ended thread kept comes back in a drain of its own, or a little earlier from the finalizer: both are a drain of that stack here.
        threads[thread].Dispose();
        threads[thread] = new Puppet();
        _set.DrainEnded();
        lock (_givenBack)
        {
            var order = _givenBack.ToArray();
            _givenBack.Clear();
            for (var i = order.Length - 1; i >= 0; i--)
            {
                var item = order[i];
                _history.Record(thread, new StackCall(StackCallKind.Pop, 0), () => $"{item}");
            }
        }
    }

    private void GiveBack(ReadOnlySpan<uint> items)
    {
        lock (_givenBack)
            _givenBack.AddRange(items);
    }

    private void RequireExplained(bool isInOrder, string? left = null)
    {
        left ??= TakeLeft();
        var model = new SequentialStacks(Threads, capacity);
        if (!(isInOrder ? Linearizability.ExplainsInOrder(_history.Calls, model, IsLeft) : Linearizability.Explains(_history.Calls, model, IsLeft)))
            Assert.Fail($"'{left}' is left, and no order explains{Environment.NewLine}{string.Join(Environment.NewLine, _history.Calls.OrderBy(call => call.Begin))}");

        bool IsLeft(string state) => Text(state.Split('|', ',').Where(item => item.Length > 0).Select(uint.Parse).Order()) == left;
    }

    private static uint[] Take(ThreadStack stack, int count)
    {
        var taken = new uint[count];
        return taken[..stack.TakeOldest(taken)];
    }

    private static string Text(IEnumerable<uint> items) => string.Join(',', items);

    /// <summary>A call of a thread; or its turn to pass a number of places.</summary>
    public sealed record Step(StackCallKind Kind, int Thread, int Number)
    {
        public override string ToString() => Kind == StackCallKind.Turn ? $"thread {Thread} passes {Number} places" : $"thread {Thread}: {Kind}";
    }
}
