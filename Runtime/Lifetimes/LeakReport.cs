using System.Text;

namespace FolioRuntime.Lifetimes;

/// <summary>What was found to be leaked. <see cref="ToString"/> tells it for a person: what was rented at the same place stands together. Immutable.</summary>
public sealed record LeakReport
{
    private const int MostSlotsListed = 8;

    /// <summary>The objects of which it is known who rented them.</summary>
    public required IReadOnlyList<Leak> Leaks { get; init; }

    /// <summary>By cache, how many more there are of which no more is known: their rents were not sampled, or there were too many to keep.</summary>
    public required IReadOnlyDictionary<string, long> Unnamed { get; init; }

    /// <summary>How many objects leaked.</summary>
    public long Count => Leaks.Count + Unnamed.Values.Sum();

    /// <summary>The report as text: a line for each place that rented, with its call stack; the oldest first.</summary>
    public override string ToString()
    {
        if (Count == 0)
            return "no leak was found";
        var text = new StringBuilder(Count == 1 ? "1 object leaked" : $"{Count} objects leaked");
        var places = Leaks.GroupBy(leak => (leak.Whose, leak.Reason, leak.RentedBy.Stack)).OrderByDescending(place => place.Max(leak => leak.Age));
        foreach (var place in places)
            Append(text, [.. place.OrderByDescending(leak => leak.Age)]);
        foreach (var (subject, count) in Unnamed.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append('\n').Append(subject).Append(": ").Append(count).Append(" of which it isn't known who rented them");
        return text.ToString();
    }

    internal static LeakReport None { get; } = new() { Leaks = [], Unnamed = new Dictionary<string, long>() };

    /// <summary>Several in one.</summary>
    internal static LeakReport Join(IEnumerable<LeakReport> reports)
    {
        var all = reports.ToArray();
        return new LeakReport
        {
            Leaks = [.. all.SelectMany(report => report.Leaks)],
            Unnamed = all.SelectMany(report => report.Unnamed).GroupBy(pair => pair.Key, pair => pair.Value).ToDictionary(group => group.Key, group => group.Sum()),
        };
    }

    private static void Append(StringBuilder text, Leak[] place)
    {
        var oldest = place[0];
        text.Append('\n').Append(oldest.Whose).Append(": ");
        if (place.Length > 1)
            text.Append(place.Length).Append(" objects, the oldest ");
        text.Append(oldest.Why).Append(place.Length > 1 ? "; slots " : "; slot ")
            .AppendJoin(", ", place.Take(MostSlotsListed).Select(leak => leak.Index)).Append(place.Length > MostSlotsListed ? ", …" : "")
            .Append("\nrented ").Append(oldest.RentedBy);
    }
}
