namespace FolioRuntime.Race.Hazards;

/// <summary>A cache that is disposed while threads work with it. One is made for each round.</summary>
internal interface IEndingCache
{
    /// <summary>False: it is disposed, or has no memory left.</summary>
    bool TryRent(out ulong handle);

    Span<byte> Content(ulong handle);

    bool TryReturn(ulong handle);

    /// <summary>Disposes it, objects out or not.</summary>
    void End();

    /// <summary>It is disposed, and everything was returned: pages that it still has.</summary>
    long PagesLeft { get; }
}
