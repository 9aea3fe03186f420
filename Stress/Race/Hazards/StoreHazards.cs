using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>Hazards of a bounded pool with threads' own lists in front of it.</summary>
internal static class StoreHazards
{
    private const int RentsAtTheCap = 128;
    private const int RefusalsAtTheCap = 2;
    private const int OwnersForATrim = 16;
    private const int FewThreads = 2;

    public static IReadOnlyList<Hazard> All { get; } =
    [
        Of("capacity", 18, "a cap overshot under contention, or something lost at it",
            "the capacity is looked at first and counted afterwards", new StorePlay(WrongStep.CapacityCheckedApart, 1, StayAtTheCap)),
        Of("constructed-state", 20, "an object recycled without its constructor",
            "the constructor runs for new memory only", new StorePlay(WrongStep.ConstructedOnce, 64, RentAndReturn)),
        Of("foreign-return", 21, "an object returned to the wrong pool",
            "a return asks for slot and generation and not for the pool", new StorePlay(WrongStep.AnyPoolReturns, 32, ReturnElsewhere)),
        Of("thread-end", 22, "a thread that ends with a full list of its own",
            "what a thread kept when it ended is never taken back", new StorePlay(WrongStep.EndedThreadsForgotten, 4, RentOnThreadsThatEnd)),
        new("recycled-head", [24], "a free list's head that is the same again after pops and a push",
            "the head is the number of the top, without a tag", static setting => new ExchangeScene(setting)),
        Of("freeing-thread", 25, "a thread that frees and never allocates",
            "it keeps everything, and nobody else gets at it", new StorePlay(WrongStep.FreerHoards, 32, RentHereReturnThere)),
        Of("remote-return", 26, "batches of objects returned by other threads, lost",
            "a batch is handed over by load and store", new StorePlay(WrongStep.BatchStored, 16, PassOn)),
        Of("late-announcement", 27, "an owner announced by a plain store without a fence",
            "it looks whether it is shut out and then announces itself, which such a store comes to", new StorePlay(WrongStep.AnnouncedLate, 32, RentUnderTrims)),
        Of("throwing-constructor", 28, "a latch or a slot leaked by an exception",
            "neither is given back when the constructor throws", new StorePlay(WrongStep.LatchLeaked, 16, RentThrowing)),
        Of("racing-returns", 30, "a return that succeeds on a handle that was returned",
            "a return looks at the word and then stores", new StorePlay(WrongStep.ReturnWithoutCompare, 64, RaceToReturn)),
        Of("many-threads", 32, "more threads than were planned for",
            "as many lists as planned; later threads use somebody's", new StorePlay(WrongStep.ThreadsPlanned, 2, RentOnManyThreads)),
        new("grown-list", [37], "a thread's list that grows while another empties it: what went comes back, or counts twice",
            "a list is copied into a larger one before it is shut to whoever empties it", static setting => new GrowthScene(setting)),
    ];

    /// <summary>Rents for others to return, and returns what others rented.</summary>
    public static void PassOn(StoreFloor floor, Hand hand)
    {
        for (var i = 0; i < StoreScene.ThreadShare && floor.HasRoom && floor.Custody.Rent(hand, out var rented); i++)
            floor.HandOn(rented);
        for (var i = 0; i < 2 * StoreScene.ThreadShare && floor.TryTake(out var taken); i++)
            floor.Custody.Return(hand, taken);
    }

    private static Hazard Of(string name, int number, string words, string control, StorePlay play) =>
        new(name, [number], words, control, setting => new StoreScene(setting, play));

    private static void RentSome(Custody custody, Hand hand, int most)
    {
        Span<ulong> handles = stackalloc ulong[most];
        var rented = 0;
        while (rented < most && custody.Rent(hand, out handles[rented]))
            rented++;
        for (var i = 0; i < rented; i++)
            custody.Return(hand, handles[i]);
    }

    // All that is left, and then one back and as many as there are, again and again, and a while at the cap each time.
    private static void StayAtTheCap(StoreFloor floor, Hand hand)
    {
        var custody = floor.Custody;
        var held = new Stack<ulong>();
        for (var i = 0; i < RentsAtTheCap; i++)
        {
            for (var refused = 0; refused < RefusalsAtTheCap;)
            {
                if (custody.Rent(hand, out var handle))
                    held.Push(handle);
                else
                    refused++;
            }

            if (held.TryPop(out var back))
                custody.Return(hand, back);
        }

        while (held.TryPop(out var left))
            custody.Return(hand, left);
    }

    private static void RentAndReturn(StoreFloor floor, Hand hand) => RentSome(floor.Custody, hand, 1 + hand.Below(2 * StoreScene.ThreadShare));

    private static void ReturnElsewhere(StoreFloor floor, Hand hand)
    {
        if (!floor.Custody.Rent(hand, out var handle))
            return;
        if (hand.OnceIn(4))
            floor.ReturnElsewhere(hand, handle);
        floor.Custody.Return(hand, handle);
    }

    private static void RentOnThreadsThatEnd(StoreFloor floor, Hand hand) =>
        hand.Spawn(1, child => RentSome(floor.Custody, child, StoreScene.ThreadShare));

    private static void RentOnManyThreads(StoreFloor floor, Hand hand) =>
        hand.Spawn(FewThreads, child =>
        {
            for (var i = 0; i < StoreScene.ThreadShare; i++)
                RentSome(floor.Custody, child, 1 + child.Below(4));
        });

    // Half of the threads rent and never return, the others return and never rent.
    private static void RentHereReturnThere(StoreFloor floor, Hand hand)
    {
        if (hand.Index % 2 == 0)
        {
            if (floor.HasRoom && floor.Custody.Rent(hand, out var rented))
                floor.HandOn(rented);
        }
        else if (floor.TryTake(out var taken))
        {
            floor.Custody.Return(hand, taken);
        }
    }

    private static void RentUnderTrims(StoreFloor floor, Hand hand)
    {
        if (hand.OnceIn(OwnersForATrim))
            floor.Custody.Store.Trim();
        else
            RentSome(floor.Custody, hand, StoreScene.ThreadShare);
    }

    private static void RentThrowing(StoreFloor floor, Hand hand)
    {
        if (hand.OnceIn(8))
            floor.Custody.RentThrowing(hand);
        else
            RentSome(floor.Custody, hand, 4);
    }

    private static void RaceToReturn(StoreFloor floor, Hand hand)
    {
        if (hand.Index % 2 == 1)
        {
            if (floor.Offered(hand.Index - 1) is { } offered)
                floor.Race(hand, offered);
        }
        else if (floor.Custody.Rent(hand, out var handle))
        {
            floor.Race(hand, floor.Offer(hand, handle));
        }
    }
}
