using System.Globalization;

namespace FolioRuntime.Serve.Servers;

/// <summary>An answer of some records, each of which follows from the seed.</summary>
/// <param name="Seed">What was asked for.</param>
/// <param name="Names">Some text for each record.</param>
/// <param name="Values">A number for each.</param>
internal sealed record JsonAnswer(ulong Seed, IReadOnlyList<string> Names, IReadOnlyList<ulong> Values)
{
    public static JsonAnswer Of(ulong seed)
    {
        var values = Enumerable.Range(0, 1 + (int)(seed % 64)).Select(i => unchecked(seed * (ulong)((2 * i) + 1))).ToArray();
        return new JsonAnswer(seed, [.. values.Select(value => "item-" + value.ToString("x16", CultureInfo.InvariantCulture))], values);
    }
}
