namespace FolioRuntime.Race.Hazards;

/// <summary>Hazards of ends: caches, pools and owners disposed while they are used, lists of what comes and goes, what is kept past an end, and what comes while something ends.</summary>
internal static class EndHazards
{
    public static IReadOnlyList<Hazard> All { get; } =
    [
        new("cache-end", [19], "a cache destroyed with objects out or returns under way",
            "its end gives all its memory back at once", setting => new EndingScene(setting)),
        new("shrinker-end", [19], "a shrinker that is called, or still being called, after its registration has ended",
            "a registration's end doesn't wait for calls under way", setting => new ShrinkScene(setting)),
        new("listing", [29], "entries that go while they are listed",
            "the list is walked without the latch", setting => new ListingScene(setting)),
        new("racing-disposes", [30], "a second dispose of an owner that gives its block back again",
            "an owner looks whether it is disposed and then says so", setting => new DisposeScene(setting)),
        new("pool-end", [33], "an item enqueued after a dispose has drained",
            "a return asks whether the pool has ended and then enqueues", setting => new PoolEndScene(setting)),
        new("retained-block", [35], "bytes kept past their owner's return, shown as the next renter's",
            "a reference on a block is counted after a look whether it is still out", setting => new RetainScene(setting)),
        new("lost-wake-up", [36], "a wake-up that comes during a look and is overwritten by the end of it",
            "the timer is set to its interval's end without a look at who woke it meanwhile", setting => new WakeScene(setting)),
    ];
}
