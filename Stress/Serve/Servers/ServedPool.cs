namespace FolioRuntime.Serve.Servers;

/// <summary>Whose memory Kestrel serves from.</summary>
internal enum ServedPool
{
    /// <summary>A runtime's slabs.</summary>
    Folio,

    /// <summary>Kestrel's own.</summary>
    Default,

    /// <summary>A control: Kestrel's own, claimed to be the runtime's. The proof by addresses must refuse it.</summary>
    Claimed,

    /// <summary>A control: the runtime's, but now and then one block goes to two renters. Wrong bytes must be seen.</summary>
    Twice,
}
