namespace FolioRuntime.Race.Hazards;

/// <summary>One page that threads pin, each in a slot of its own, as its scene sees it: a folio of the runtime's, or a control.</summary>
internal interface IPinned : IDisposable
{
    /// <summary>The page's memory, for whoever pins it or has it frozen.</summary>
    Span<byte> Bytes { get; }

    /// <summary>The calling thread pins the page, once at a time. False: it is frozen, or ended.</summary>
    bool TryPin();

    void Unpin();

    /// <summary>Nobody pins it, and nobody can: it is the caller's alone.</summary>
    bool TryFreeze();

    void Unfreeze();

    /// <summary>Nobody pins it any more, and its memory is given back and cleared when the last pin ends.</summary>
    void End();

    /// <summary>It was ended and all threads stand still: whether its memory was given back. Then there is another.</summary>
    bool Renew();
}
