using FolioRuntime.Harness;
using FolioRuntime.Race.Protocols;

namespace FolioRuntime.Race.Workloads;

/// <summary>One thread's hands: every operation of a scenario goes through here and is checked against the oracle.</summary>
internal sealed class Worker(int index, ulong seed, IProtocol protocol, Oracle oracle, Board board)
{
    private const ulong OneGeneration = 1ul << 32;
    private const int MostGenerationsBackBits = 16;

    private XorShift _random = new(seed, index);

    public int Index => index;

    /// <summary>How many rounds have ended.</summary>
    public int Round { get; set; }

    public Tally Tally { get; } = new();

    /// <summary>Allocates as a random type, holding a reference, and leaves the handle on the board. Null: no slot is free.</summary>
    public Token? Allocate(int cell = -1) => Acquire(cell, rent: false);

    /// <summary>As <see cref="Allocate"/>, with the owner's hold, which <see cref="Return"/> ends.</summary>
    public Token? Rent(int cell = -1) => Acquire(cell, rent: true);

    public void Put(Token mine)
    {
        Tally.Operations++;
        oracle.Release(mine.Id);
        protocol.Put(mine, mine.Type);
    }

    public void Return(Token mine)
    {
        Tally.Operations++;
        oracle.Release(mine.Id);
        protocol.Return(mine);
    }

    /// <summary>A handle left lately, by anybody.</summary>
    public Token? Recent() => board.Recent(_random.Below(1 << 16));

    /// <summary>The handle left last in this cell.</summary>
    public Token? Recent(int cell) => board.Recent(cell);

    /// <summary>A handle left some time ago: almost always stale.</summary>
    public Token? Old() => board.Old(_random.Below(1 << 16));

    public bool OnceIn(int every) => _random.OnceIn(every);

    /// <summary>Reads the count through a handle, without taking a reference.</summary>
    public void Peek(Token? token)
    {
        if (token is null)
            return;
        Tally.Operations++;
        protocol.Peek(token);
    }

    /// <summary>Looks up a handle; if that succeeds checks what was found, twice, and lets go.</summary>
    public void Visit(Token? token)
    {
        if (token is not null)
            Visit(token, oracle.HasEnded(token.Id), isAnyLife: false);
    }

    /// <summary>Looks up a life of the slot that nobody has a handle of yet. Whatever is found must be whole.</summary>
    public void Foresee(Token? token)
    {
        if (token is not null)
            Visit(token with { Handle = token.Handle + OneGeneration }, hadEnded: false, isAnyLife: true);
    }

    /// <summary>Looks up a life of the slot that was over before this one began.</summary>
    public void Recall(Token? token)
    {
        if (token is not null)
            Visit(token with { Handle = token.Handle - (OneGeneration << _random.Below(MostGenerationsBackBits)) }, hadEnded: true, isAnyLife: false);
    }

    /// <summary>Drops a reference that nobody has, of an object that is gone.</summary>
    public void PutAgain(Token? token)
    {
        if (token is null)
            return;
        Tally.Operations++;
        protocol.Put(token, token.Type);
    }

    /// <summary>Gives what free slots don't need back to the system.</summary>
    public void Trim()
    {
        Tally.Operations++;
        protocol.Trim();
    }

    private void Visit(Token token, bool hadEnded, bool isAnyLife)
    {
        Tally.Operations++;
        if (!protocol.TryGet(token))
        {
            if (hadEnded)
                Tally.StaleRejected++;
            return;
        }

        // A reference is held, so what is found stays what it is until the put.
        var found = ObjectContent.Read(protocol.Content(token));
        oracle.Hold(found.Id);
        if (!found.IsIntact)
            oracle.Report(new Fault(FaultKind.ContentCorrupt, -1, found.Type, found.Id));
        else if (!isAnyLife && (hadEnded || found.Id != token.Id))
            oracle.Report(new Fault(FaultKind.StrangerAccepted, -1, found.Type, found.Id));
        if (ObjectContent.Read(protocol.Content(token)) != found)
            oracle.Report(new Fault(FaultKind.DestroyedWhileHeld, -1, found.Type, found.Id));
        oracle.Release(found.Id);
        Tally.Operations++;
        protocol.Put(token, found.Type);
    }

    private Token? Acquire(int cell, bool rent)
    {
        var id = oracle.NextId(index);
        if (id == 0)
            return null;
        Tally.Operations++;
        var type = _random.Below(ProtocolCatalog.Types);
        var token = rent ? protocol.TryRent(type, id) : protocol.TryAllocate(type, id);
        if (token is null)
            return null;
        oracle.Issued(index);
        oracle.Hold(id);
        Tally.Allocations++;
        board.Post(token, cell >= 0 ? cell : _random.Below(1 << 16), _random.Below(1 << 16));
        return token;
    }
}
