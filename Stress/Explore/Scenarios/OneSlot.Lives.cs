using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>Whole lives in the slot: each does nothing if the slot is taken.</content>
internal sealed unsafe partial class OneSlot
{
    /// <summary>Rented, and returned the short way.</summary>
    public void LiveAsX()
    {
        if (TryAllocate('X') is not { } life)
            return;
        PublishRented();
        ReturnShortly(life.Generation);
        Requirement.That(!life.IsOwned, "whoever holds an object can return it");
    }

    /// <summary>Referenced, and put.</summary>
    public void LiveAsY()
    {
        if (TryAllocate('Y') is not { } life)
            return;
        PublishReferenced();
        Put(life.Generation);
    }

    public void LiveExclusively()
    {
        if (TryAllocate('Y') is not { } life)
            return;
        PublishExclusive();
        ReturnExclusive(life.Generation);
        Requirement.That(!life.IsOwned, "whoever holds an object can return it");
    }

    /// <summary>Rented, and not returned before all is over.</summary>
    public void LiveOn()
    {
        if (TryAllocate('Y') is not null)
            PublishRented();
    }

    /// <summary>Publishes what was written, with one reference or with the owner's hold, shared or exclusive.</summary>
    public void PublishReferenced() => Published(Lifetime.PublishReferenced(ref Word, Space));

    public void PublishRented() => Published(Lifetime.PublishRented(ref Word, Space)).IsOwned = true;

    public void PublishExclusive()
    {
        var life = Published(Lifetime.PublishExclusive(ref Word, Space));
        life.IsOwned = life.IsExclusive = true;
    }
}
