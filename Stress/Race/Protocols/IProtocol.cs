namespace FolioRuntime.Race.Protocols;

/// <summary>
/// A way to count references on recycled memory, as the one shared workload sees it. Safe for any number of threads.
/// Every access to shared words goes through the instrumented seam, so all protocols get the same injected pauses.
/// </summary>
internal interface IProtocol : IDisposable
{
    /// <summary>The lifetime words that a recorder should watch.</summary>
    WordRange Words { get; }

    /// <summary>Takes a free slot, writes the object into it while nobody can see it, and publishes it with one reference, which the caller holds. Null: no slot is free.</summary>
    Token? TryAllocate(int type, long id);

    /// <summary>As <see cref="TryAllocate"/>, but the caller gets an owner's hold, to be ended by <see cref="Return"/>. Where there is no such thing it is a reference.</summary>
    Token? TryRent(int type, long id);

    /// <summary>Whether the handle seems to lead to an object now, without taking a reference: only a hint.</summary>
    bool Peek(Token token);

    /// <summary>Takes a reference through a handle, which may be stale.</summary>
    bool TryGet(Token token);

    /// <summary>The object's memory. Only while holding a reference taken through this handle.</summary>
    Span<byte> Content(Token token);

    /// <summary>Drops a reference taken through this handle. The last one out destroys the object.</summary>
    /// <param name="token">The handle it was taken through.</param>
    /// <param name="type">The type that the holder sees in the object: the controls choose the destructor by it.</param>
    void Put(Token token, int type);

    /// <summary>Ends the hold that <see cref="TryRent"/> gave.</summary>
    void Return(Token token);

    /// <summary>
    /// Whether a delayed compare-exchange that found this word, and failed, would have succeeded on an untagged counter: another object is there, at
    /// zero references. Each such failure is the published race, refused.
    /// </summary>
    bool WouldFoolUntagged(ulong word) => false;

    /// <summary>Gives what free slots don't need back to the system, their words too; any number of threads may be inside.</summary>
    void Trim()
    {
        // Nothing that could go back.
    }

    /// <summary>Nobody holds anything any more: all slots must be free. Complains to the witness where they are not.</summary>
    void Settle();
}
