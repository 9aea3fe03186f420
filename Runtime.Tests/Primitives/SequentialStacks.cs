using FolioRuntime.Tests.Properties;

namespace FolioRuntime.Tests.Primitives;

/// <summary>
/// A bounded last-in-first-out list for each thread, as text: items with commas, threads with bars. An owner is told "full", "empty" or
/// "none" also while another thread's drain may be under way. A drain takes everything at one moment.
/// </summary>
internal sealed class SequentialStacks(int threads, int capacity) : ISequentialModel<string, StackCall, string>
{
    public string Initial => new('|', threads - 1);

    public int StepsOf(HistoryCall<StackCall, string> call) => 1;

    public bool TryStep(string state, HistoryCall<StackCall, string> call, int number, int step, bool isAlone, out string next)
    {
        var stacks = state.Split('|').Select(stack => stack.Split(',', StringSplitOptions.RemoveEmptyEntries).ToList()).ToArray();
        var answer = Answer(stacks, call.Thread, call.Call);
        if (answer != call.Result && !isAlone && call.Call.Kind != StackCallKind.DrainAll && call.Result == Refusal(call.Call.Kind))
        {
            next = state;
            return true;
        }

        next = string.Join('|', stacks.Select(stack => string.Join(',', stack)));
        return answer == call.Result;
    }

    /// <summary>What the owner is told that can't be served.</summary>
    public static string Refusal(StackCallKind kind) => kind switch
    {
        StackCallKind.Push => "full",
        StackCallKind.Pop => "empty",
        StackCallKind.Refill => "0",
        _ => "",
    };

    private string Answer(List<string>[] stacks, int thread, StackCall call)
    {
        var own = stacks[thread];
        switch (call.Kind)
        {
            case StackCallKind.Push when own.Count < capacity:
                own.Add($"{call.Item}");
                return "pushed";
            case StackCallKind.Pop when own.Count > 0:
                var last = own[^1];
                own.RemoveAt(own.Count - 1);
                return last;
            case StackCallKind.Refill:
                var fitting = Math.Min(2, capacity - own.Count);
                own.AddRange(Enumerable.Range(0, fitting).Select(i => $"{call.Item + i}"));
                return $"{fitting}";
            case StackCallKind.TakeOldest:
                var oldest = own.Take(2).ToArray();
                own.RemoveRange(0, oldest.Length);
                return string.Join(',', oldest);
            case StackCallKind.DrainAll:
                var all = stacks.SelectMany(stack => stack).Select(uint.Parse).Order().ToArray();
                foreach (var stack in stacks)
                    stack.Clear();
                return string.Join(',', all);
            default:
                return Refusal(call.Kind);
        }
    }
}
