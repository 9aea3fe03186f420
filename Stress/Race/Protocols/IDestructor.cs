namespace FolioRuntime.Race.Protocols;

/// <summary>Called by a protocol, on the thread that ended the object, before its memory can be used again.</summary>
internal interface IDestructor
{
    /// <param name="type">The type whose destructor the protocol chose.</param>
    /// <param name="content">The object's memory, whatever is really in it.</param>
    void Destroy(int type, Span<byte> content);
}
