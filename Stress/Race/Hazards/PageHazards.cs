using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>Hazards of content: under references, under freezing, under optimistic reads.</summary>
internal static class PageHazards
{
    private const uint ReferenceLimit = 1u << 28;

    // References that the limit leaves to those who look the page up.
    private const int Room = 1;

    public static IReadOnlyList<Hazard> All { get; } =
    [
        Of("reference-limit", 10, "a look-up past the most references that a word can count",
            "a field of 28 bits and no limit", new PagePlay(WrongLine.NoReferenceLimit, 32, Crowd)),
        Of("freeze-held", 11, "a freeze while somebody has a reference, if only for a moment",
            "the references are looked at, and then the frozen word is stored", new PagePlay(WrongLine.FreezeWithoutCompare, 64, FreezeOrVisit)),
        Of("read-recycled", 15, "an optimistic read that ends on the page it began on, now somebody else's",
            "its end asks whether there is an object and not which", new PagePlay(WrongLine.ReadIgnoresGeneration, 64, RecycleOrRead)),
        Of("read-changed", 16, "a change of part of the content under an optimistic read",
            "the sequence grows when the change is over, and not when it begins", new PagePlay(WrongLine.WriteTellsLate, 64, WriteOrRead)),
        Of("discard-held", 17, "memory given back under somebody who holds it",
            "a return gives the page back whoever else holds a reference", new PagePlay(WrongLine.ReturnIgnoresHolders, 64, RecycleTrimOrVisit)),
        new("evicted-page", [15], "a cached page that gives its frame to another while somebody reads it",
            "a copy made without a hold is believed", setting => new CachedFilesScene(setting)),
        new("summed-early", [34], "a count in parts, one a thread, summed while its parts still change",
            "the threads' slots are summed and then shut", setting => new PinScene(setting)),
    ];

    private static Hazard Of(string name, int number, string words, string control, PagePlay play) =>
        new(name, [number], words, control, setting => new PageScene(setting, play));

    // One page has all references but a few; all threads fight for these.
    private static void Crowd(PageFloor floor, Hand hand)
    {
        if (hand.Index == 0)
            floor.KeepCrowded(hand, ReferenceLimit - Room);
        floor.Crowd(hand, Room);
    }

    private static void FreezeOrVisit(PageFloor floor, Hand hand)
    {
        floor.Visit(hand);
        if (hand.Index % 2 != 0 || !floor.TryKeep(hand, out var handle))
            return;
        hand.Operations++;
        if (!floor.Pages.TryFreeze(handle, references: 0))
            return;
        floor.Fill(handle, hand.Below(256));
        floor.Pages.Unfreeze(handle, references: 0);
    }

    private static void RecycleOrRead(PageFloor floor, Hand hand)
    {
        floor.Read(hand);
        if (floor.TryRent(hand, out var handle))
            floor.Return(hand, handle);
    }

    private static void WriteOrRead(PageFloor floor, Hand hand)
    {
        floor.Read(hand);
        if (!floor.TryKeep(hand, out var handle))
            return;
        hand.Operations++;
        floor.Pages.BeginWrite(handle);
        floor.Fill(handle, hand.Below(256));
        floor.Pages.EndWrite(handle);
    }

    private static void RecycleTrimOrVisit(PageFloor floor, Hand hand)
    {
        floor.Visit(hand);
        if (hand.Index == 0)
            floor.Pages.Trim();
        else if (floor.TryRent(hand, out var handle))
            floor.Return(hand, handle);
    }
}
