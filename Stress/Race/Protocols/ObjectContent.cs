using System.Runtime.InteropServices;

namespace FolioRuntime.Race.Protocols;

/// <summary>
/// What an object of the experiment holds: which allocation it is, as which type, and a pattern computed from both that
/// is spread over its memory, so that a foreign write anywhere shows.
/// <code>
///   0: id    8: type    every 256 bytes from 16: pattern(id, type, position)
/// </code>
/// </summary>
internal static class ObjectContent
{
    private const int WordsBetween = 32;
    private const int FirstPatternWord = 2;
    private const long DestroyedType = -1;

    public static void Write(Span<byte> content, int type, long id)
    {
        var words = MemoryMarshal.Cast<byte, long>(content);
        words[0] = id;
        words[1] = type;
        for (var i = FirstPatternWord; i < words.Length; i += WordsBetween)
            words[i] = Pattern(id, type, i);
    }

    /// <summary>What the memory says it is. Type -1: destroyed.</summary>
    public static (long Id, int Type, bool IsIntact) Read(ReadOnlySpan<byte> content)
    {
        var words = MemoryMarshal.Cast<byte, long>(content);
        var (id, type) = (words[0], words[1]);
        var isIntact = true;
        for (var i = FirstPatternWord; i < words.Length; i += WordsBetween)
            isIntact &= words[i] == Pattern(id, type, i);
        return (id, (int)type, isIntact);
    }

    /// <summary>Leaves the id and takes everything else away: whoever still looks at it sees a destroyed object.</summary>
    public static void Wipe(Span<byte> content)
    {
        var words = MemoryMarshal.Cast<byte, long>(content);
        words[1] = DestroyedType;
        for (var i = FirstPatternWord; i < words.Length; i += WordsBetween)
            words[i] = 0;
    }

    private static long Pattern(long id, long type, int position) =>
        unchecked((id * 31 + type + 1) * (long)0x9E3779B97F4A7C15 + position);
}
