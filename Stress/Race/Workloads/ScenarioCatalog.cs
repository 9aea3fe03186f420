namespace FolioRuntime.Race.Workloads;

/// <summary>The scenarios that run over all protocols.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("two-putters", "pairs of threads: one puts its object while its partner looks it up by a fresh handle and puts too, both at zero", TwoPutters),
        new("speculative", "everybody allocates, puts, and looks up what others allocated: the race as published, three threads or more", Speculative),
        new("stale-handles", "half the threads poll handles of objects long gone while the others recycle their slots as other types", StaleHandles),
        new("rent-return", "objects with an owner: returned by handle while others look them up and read their counts", RentReturn),
    ];

    public static Scenario Find(string name) => All.Single(scenario => scenario.Name == name);

    private static void TwoPutters(Worker worker)
    {
        var pair = worker.Index / 2;
        if (worker.Index % 2 == 1)
            worker.Visit(worker.Recent(pair));
        if (worker.Allocate(pair) is { } mine)
            worker.Put(mine);
        else
            worker.Visit(worker.Recent(pair));
    }

    private static void Speculative(Worker worker)
    {
        var mine = worker.Allocate();
        worker.Visit(worker.Recent());
        if (mine is not null)
            worker.Put(mine);
        worker.Visit(worker.Recent());
    }

    private static void StaleHandles(Worker worker)
    {
        if (worker.Index % 2 == 1)
        {
            worker.Visit(worker.Old());
            worker.Visit(worker.Old());
            worker.Visit(worker.Recent());
        }

        if (worker.Allocate() is { } mine)
            worker.Put(mine);
    }

    private static void RentReturn(Worker worker)
    {
        var mine = worker.Rent();
        worker.Visit(worker.Recent());
        worker.Peek(worker.Recent());
        if (mine is not null)
            worker.Return(mine);
        if (worker.OnceIn(4))
            worker.Visit(worker.Old());
    }
}
