namespace FolioRuntime.Race.Protocols;

/// <summary>
/// What the workload remembers of one allocation: a weak handle, kept and used long after the object is gone. The
/// controls' handles say only where the object was; the runtime's carry its generation.
/// </summary>
/// <param name="Handle">The protocol's own handle.</param>
/// <param name="Type">The type it was allocated as.</param>
/// <param name="Id">The allocation's own number, never used twice.</param>
internal sealed record Token(ulong Handle, int Type, long Id);
