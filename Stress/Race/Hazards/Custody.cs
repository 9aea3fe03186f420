using System.Runtime.InteropServices;

namespace FolioRuntime.Race.Hazards;

/// <summary>
/// Checks a store from outside: nothing is handed out twice, nor more than there is; an object keeps what its renter wrote, and is given back by its
/// renter alone; and once everybody is quiet all of it can be rented. It uses its own atomics, not the seam.
/// </summary>
internal sealed class Custody(IStore store, Referee referee)
{
    private const byte Constructed = 0xC5;

    // Slots to hold while all are out: the quiet check is made by one thread at a time.
    private readonly ulong[] _all = new ulong[store.Capacity + 1];
    private readonly int[] _isHeld = new int[store.IndexLimit];
    private int _out;

    // Set by a thread for its next rent.
    [ThreadStatic]
    private static bool s_throws;

    public IStore Store { get; } = store;

    /// <summary>What the store runs on each object.</summary>
    public static void Construct(Span<byte> content)
    {
        if (s_throws)
        {
            s_throws = false;
            throw new NotSupportedException("planned");
        }

        content.Fill(Constructed);
    }

    /// <summary>Takes an object; it must be constructed, and nobody else's.</summary>
    public bool Rent(Hand hand, out ulong handle)
    {
        hand.Operations++;
        if (!Store.TryRent(out handle))
            return false;
        referee.Require(Interlocked.Exchange(ref _isHeld[(uint)handle], 1) == 0, "an object was handed to two renters");
        referee.Require(Interlocked.Increment(ref _out) <= Store.Capacity, "more objects are out than the capacity");
        var content = Store.Content(handle);
        referee.Require(!content.ContainsAnyExcept(Constructed), "a rented object is not as its constructor leaves it");
        MemoryMarshal.Write(content, handle);
        return true;
    }

    /// <summary>Rents, and the constructor throws. Nothing may come of it.</summary>
    public void RentThrowing(Hand hand)
    {
        s_throws = true;
        try
        {
            if (Rent(hand, out var handle))
                Return(hand, handle);
        }
        catch (NotSupportedException)
        {
            // The constructor's own.
        }

        s_throws = false;
    }

    /// <summary>Gives an object back.</summary>
    public void Return(Hand hand, ulong handle)
    {
        LetGo(handle);
        hand.Operations++;
        referee.Require(Store.TryReturn(handle), "an owner's return was refused");
    }

    /// <summary>Ends custody of an object that is about to be returned.</summary>
    public void LetGo(ulong handle)
    {
        referee.Require(MemoryMarshal.Read<ulong>(Store.Content(handle)) == handle, "an object changed under its renter");
        Interlocked.Decrement(ref _out);
        Interlocked.Exchange(ref _isHeld[(uint)handle], 0);
    }

    /// <summary>Everybody is quiet and has returned everything: all of it must be there, and no more.</summary>
    public void Settle(Hand hand)
    {
        var rented = 0;
        while (rented < _all.Length && Rent(hand, out _all[rented]))
            rented++;
        referee.Require(rented == Store.Capacity, $"of {Store.Capacity} objects, all returned, {rented} can be rented");
        for (var i = 0; i < rented; i++)
            Return(hand, _all[i]);
        _out = 0;
        Array.Clear(_isHeld);
        Store.Repair();
    }
}
