using System.Globalization;
using System.Text;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// An execution as a table for a person: a line a step, a column a thread, and what each step found and left in the word.
/// </summary>
internal static class Timeline
{
    private const int ColumnWidth = 26;

    public static string Of(IReadOnlyList<Step> steps, IReadOnlyDictionary<nint, (string Name, Func<ulong, string>? Show)> names, int threads)
    {
        var text = new StringBuilder("step  ");
        for (var thread = 0; thread < threads; thread++)
            text.Append(LogicalThread.NameOf(thread).PadRight(ColumnWidth));
        text.Append("before → after\n");
        var unnamed = new Dictionary<nint, string>();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var line = string.Create(CultureInfo.InvariantCulture, $"{i + 1,4}  ") + new string(' ', step.Thread * ColumnWidth);
            line += $"{Verb(step)} {NameOf(step.Access.Address, names, unnamed)}".PadRight((threads - step.Thread) * ColumnWidth);
            text.Append(line).Append(Values(step, names)).Append('\n');
        }

        return text.ToString();
    }

    private static string Verb(in Step step) => step.Access.Operation switch
    {
        SeamOperation.LoadAcquire => "load",
        SeamOperation.StoreRelease => "store",
        SeamOperation.Add => "add",
        SeamOperation.CompareExchange => step.Wrote ? "CAS" : "CAS fails",
        SeamOperation.LatchEnter => "enter",
        SeamOperation.Spin => "wait",
        SeamOperation.ThreadState => "is alive?",
        SeamOperation.ThreadEnd => "end",
        SeamOperation.ContentRead => "read",
        SeamOperation.ContentWrite => "write",
        SeamOperation.ProcessWideBarrier => "barrier",
        var other => other.ToString().ToUpperInvariant(),
    };

    private static string NameOf(nint address, IReadOnlyDictionary<nint, (string Name, Func<ulong, string>? Show)> names, Dictionary<nint, string> unnamed)
    {
        if (address == 0)
            return "";
        if (names.TryGetValue(address, out var named))
            return named.Name;
        if (!unnamed.TryGetValue(address, out var name))
        {
            var kind = address < -(1L << 32) ? "thread" : address < 0 ? "latch" : "word";
            name = string.Create(CultureInfo.InvariantCulture, $"{kind} {1 + unnamed.Values.Count(other => other.StartsWith(kind, StringComparison.Ordinal))}");
            unnamed.Add(address, name);
        }

        return name;
    }

    private static string Values(in Step step, IReadOnlyDictionary<nint, (string Name, Func<ulong, string>? Show)> names)
    {
        if (!step.Access.IsMemory)
            return "";
        var show = names.TryGetValue(step.Access.Address, out var named) && named.Show is { } own ? own : Number;
        return step.Before == step.After ? show(step.Before) : $"{show(step.Before)} → {show(step.After)}";
    }

    private static string Number(ulong value) => value <= int.MaxValue
        ? value.ToString(CultureInfo.InvariantCulture)
        : $"0x{value.ToString("x", CultureInfo.InvariantCulture)}";
}
