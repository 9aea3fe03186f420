using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>In place of the runtime's: announces reads and writes of content before it copies. Where the observer asks for it, few bytes are copied word by word, each a step, so that a reader may get words of different moments.</summary>
internal static class ContentCopy
{
    private const int MostWords = 4;

    public static void Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (SeamObserver.Current is { CopiesWords: true } observer && IsFewWords(source.Length))
        {
            CopyWords(observer, source, destination);
            return;
        }

        SeamObserver.Current?.ContentRead(AddressOf(source), source.Length);
        source.CopyTo(destination);
    }

    /// <summary>At least two writes, so that others may see one half without the other.</summary>
    public static void Write(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (SeamObserver.Current is { CopiesWords: true } observer && IsFewWords(source.Length))
        {
            WriteWords(observer, source, destination);
            return;
        }

        var half = source.Length / 2;
        WritePart(source[..half], destination[..half]);
        WritePart(source[half..], destination[half..]);
    }

    private static bool IsFewWords(int lengthBytes) => lengthBytes % sizeof(ulong) == 0 && lengthBytes <= MostWords * sizeof(ulong);

    // SAFETY: content lies in native memory, or in arrays that are pinned: it doesn't move, and is there at least until this returns.
    private static unsafe void CopyWords(SeamObserver observer, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(destination);
        var from = AddressOf(source);
        for (var word = 0; word < words.Length; word++)
        {
            var address = from + (word * sizeof(ulong));
            words[word] = observer.ReadWord(address, () => *(ulong*)address);
        }
    }

    // SAFETY: as above.
    private static unsafe void WriteWords(SeamObserver observer, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(source);
        var to = AddressOf(destination);
        for (var word = 0; word < words.Length; word++)
        {
            var (address, value) = (to + (word * sizeof(ulong)), words[word]);
            observer.WriteWord(address, *(ulong*)address, value, () => *(ulong*)address = value);
        }
    }

    private static void WritePart(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        SeamObserver.Current?.ContentWrite(AddressOf(destination), source.Length);
        source.CopyTo(destination);
    }

    // SAFETY: the address is compared and printed; managed memory may move meanwhile.
    private static unsafe nint AddressOf(ReadOnlySpan<byte> bytes) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
}
