namespace FolioRuntime.Race.Protocols;

/// <summary>A protocol that can be run.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="Role">Control or subject.</param>
/// <param name="Description">One line for --list.</param>
/// <param name="Create">Makes one with so many slots, which tells this witness.</param>
internal sealed record ProtocolEntry(string Name, ProtocolRole Role, string Description, Func<int, IWitness, IProtocol> Create);
