namespace FolioRuntime.Race.Protocols;

/// <summary>Sees what a protocol does to objects, on the thread that does it.</summary>
internal interface IWitness
{
    /// <summary>A destructor runs: its object's life is over, and its memory can't be used again before this returns.</summary>
    /// <param name="type">The type whose destructor the protocol chose.</param>
    /// <param name="content">The object's memory, whatever is really in it.</param>
    void Destroy(int type, Span<byte> content);

    /// <summary>The protocol complains of its user, or has lost memory. The workload makes no mistakes, so the protocol made one.</summary>
    void Complain(string complaint);
}
