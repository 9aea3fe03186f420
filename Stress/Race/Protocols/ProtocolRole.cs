namespace FolioRuntime.Race.Protocols;

/// <summary>What a protocol is in the experiment.</summary>
internal enum ProtocolRole
{
    /// <summary>Known to be broken: it must be caught, or the run proves nothing.</summary>
    Control,

    /// <summary>The shipping code: it must never be caught.</summary>
    Subject,
}
