namespace FolioRuntime.Primitives;

/// <summary>Whom to ask for figures of one kind: each from its making to its end, or until nobody else has it, for none is kept alive here. Thread-safe.</summary>
internal sealed class StatisticsRegister<TStatistics>
{
    private readonly Latch _latch = new();

    // Under the latch.
    private readonly List<WeakReference<IStatisticsSource<TStatistics>>> _sources = [];

    public void Add(IStatisticsSource<TStatistics> source)
    {
        using (_latch.Hold())
        {
            // What is gone is looked for when something comes, so that there are never more entries than there were sources at one time.
            _sources.RemoveAll(static entry => !entry.TryGetTarget(out _));
            _sources.Add(new WeakReference<IStatisticsSource<TStatistics>>(source));
        }
    }

    public void Remove(IStatisticsSource<TStatistics> source)
    {
        using (_latch.Hold())
            _sources.RemoveAll(entry => !entry.TryGetTarget(out var alive) || ReferenceEquals(alive, source));
    }

    /// <summary>The figures of all, each asked outside the latch.</summary>
    public IEnumerable<TStatistics> Read()
    {
        var alive = new List<IStatisticsSource<TStatistics>>();
        using (_latch.Hold())
        {
            foreach (var entry in _sources)
            {
                if (entry.TryGetTarget(out var source))
                    alive.Add(source);
            }
        }

        return alive.Select(static source => source.Statistics());
    }
}
