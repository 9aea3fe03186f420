namespace FolioRuntime.Caching.Tracing;

/// <summary>Accesses to pages, in order.</summary>
internal sealed class Trace
{
    private Trace(string name, int[] pages, int footprint)
    {
        Name = name;
        Pages = pages;
        Footprint = footprint;
    }

    public string Name { get; }

    /// <summary>The pages accessed, numbered from 0 in the order of their first access.</summary>
    public int[] Pages { get; }

    /// <summary>How many different pages.</summary>
    public int Footprint { get; }

    public static Trace Of(string name, IEnumerable<long> keys)
    {
        var numbers = new Dictionary<long, int>();
        var pages = new List<int>();
        foreach (var key in keys)
        {
            if (!numbers.TryGetValue(key, out var number))
                numbers.Add(key, number = numbers.Count);
            pages.Add(number);
        }

        return new Trace(name, [.. pages], numbers.Count);
    }
}
