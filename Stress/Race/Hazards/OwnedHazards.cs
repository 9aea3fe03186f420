using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>Hazards of slabs that threads own: one thread ends lives by plain stores, and everybody else's returns are messages to it.</summary>
internal static class OwnedHazards
{
    private const int TurnsForATrim = 16;

    public static IReadOnlyList<Hazard> All { get; } =
    [
        new("owned-end", [19, 33], "owners of slabs, and returns on their way to them, that outlive the cache",
            "a rent looks whether the cache has ended and then takes the latch", setting => new EndingScene(setting, threadsOwn: true)),
        Of("owner-given-up", [22, 26], "returns on their way to an owner of slabs who ends or is shut out, lost or done twice",
            "the owner's inbox is found before the latch is held", new StorePlay(WrongStep.InboxOutlivesOwner, 16, SendToOwnersThatEnd)),
        Of("owner-shut-out", [27], "an owner of slabs who is shut out while it judges a return",
            "it looks at the word before it is inside its section", new StorePlay(WrongStep.JudgedOutside, 64, RaceToReturnUnderTrims)),
        Of("owned-returns", [30], "a second return of an object whose slab a thread owns, on any thread",
            "a return elsewhere ends the life itself, by a plain store", new StorePlay(WrongStep.EndedElsewhere, 64, RaceToReturn)),
    ];

    private static Hazard Of(string name, int[] numbers, string words, string control, StorePlay play) =>
        new(name, numbers, words, control, setting => new StoreScene(setting, play with { ThreadsOwn = true }));

    // Half of the threads let others rent, who pass most of it on, return what others have, and end with slots and messages of their own.
    private static void SendToOwnersThatEnd(StoreFloor floor, Hand hand)
    {
        if (hand.Index % 2 == 0)
            hand.Spawn(1, child => StoreHazards.PassOn(floor, child));
        else
            StoreHazards.PassOn(floor, hand);
        if (hand.OnceIn(2))
            floor.Custody.Store.Trim();
    }

    // Everybody owns slabs, returns what it rented, and what somebody else rented and returns: the same life, or one long over.
    private static void RaceToReturn(StoreFloor floor, Hand hand)
    {
        if (floor.Custody.Rent(hand, out var handle))
            floor.Race(hand, floor.Offer(hand, handle));
        if (floor.Offered(hand) is { } offered)
            floor.Race(hand, offered);
        if (hand.OnceIn(TurnsForATrim))
            floor.Custody.Store.Trim();
    }

    private static void RaceToReturnUnderTrims(StoreFloor floor, Hand hand)
    {
        if (hand.Index == 0)
            floor.Custody.Store.Trim();
        else
            RaceToReturn(floor, hand);
    }
}
