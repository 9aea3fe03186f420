using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>How the slot may stand when the threads begin.</content>
internal sealed unsafe partial class OneSlot
{
    private const int ReferenceBits = 30;

    private uint _crowd;

    // By what the runtime does and not by its constant, which this assembly would keep whatever variant of the runtime it is run over.
    private static ulong OneReference => LifetimeWord.Referenced(0, 1).Bits - LifetimeWord.Referenced(0, 0).Bits;

    /// <summary>Sets up the object that is current, rented to an owner.</summary>
    public OneSlot Rented(uint references = 0)
    {
        Prepare();
        PublishRented();
        Word += references * OneReference;
        return this;
    }

    /// <summary>Sets up the object that is current, held by so many references and those that bystanders have.</summary>
    public OneSlot Referenced(uint references, uint bystanders = 0)
    {
        Prepare();
        Published(Lifetime.PublishReferenced(ref Word, Space, references + bystanders));
        Bystanders = bystanders;
        return this;
    }

    /// <summary>Sets up the object that is current, held exclusively.</summary>
    public OneSlot Exclusive()
    {
        Prepare();
        PublishExclusive();
        return this;
    }

    /// <summary>Sets up the object that is current with as many holders as there may be: some of the threads, and a crowd.</summary>
    public OneSlot Crowded(uint references = 0, bool isOwned = false)
    {
        _crowd = LifetimeWord.ReferenceLimit - references;
        return isOwned ? Rented(LifetimeWord.ReferenceLimit) : Referenced(LifetimeWord.ReferenceLimit);
    }

    /// <summary>Leaves in the dead word what a thousand million failed gets would have left.</summary>
    public OneSlot Polled()
    {
        Word |= ((1ul << ReferenceBits) - 1) * OneReference;
        return this;
    }

    private void Prepare() => TryAllocate('X')!.IsKnown = true;
}
