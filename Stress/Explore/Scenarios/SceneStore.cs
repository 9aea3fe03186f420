using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A file whose pages have two words each, then zeros. Both are the page's stamp. Every word that is read or written is a step.</summary>
internal sealed unsafe class SceneStore : IPageStore
{
    private readonly ulong* _words;
    private readonly int _pages;

    public SceneStore(int file, int pages)
    {
        _pages = pages;
        _words = (ulong*)NativeMemory.AllocZeroed((nuint)(pages + 3), 2 * sizeof(ulong));
        LengthBytes = (long)pages * PageOrder.FrameBytes;
        for (var page = 0; page < pages; page++)
            _words[2 * page] = _words[(2 * page) + 1] = StampOf(file, page);
    }

    public long LengthBytes { get; }

    public int AlignmentBytes => 1;

    /// <summary>How many reads fail first.</summary>
    public int Failures { get; init; }

    /// <summary>How often a page was read, failures included.</summary>
    public int Reads => (int)Content.Read(ref _words[2 * _pages]);

    /// <summary>How many writes fail first.</summary>
    public int WriteFailures { get; init; }

    /// <summary>Whether the two words of a page may be written differently: the page is cut through.</summary>
    public bool MayBeCut { get; set; }

    /// <summary>How often it was written to, failures included.</summary>
    public int Writes => (int)Content.Read(ref _words[(2 * _pages) + 2]);

    public int Disposals => (int)Content.Read(ref _words[(2 * _pages) + 1]);

    public static ulong StampOf(int file, int page) => ((ulong)file << 32) | ((uint)page + 1);

    public int Read(Span<byte> destination, long offsetBytes)
    {
        Requirement.Equal(Disposals, 0, "a store is read before it is disposed");
        var reads = Reads;
        Content.Write(ref _words[2 * _pages], (ulong)reads + 1);
        if (reads < Failures)
            throw new IOException("the scene's store fails");
        var page = (int)(offsetBytes / PageOrder.FrameBytes);
        for (var rest = destination; rest.Length > 0; rest = rest[PageOrder.FrameBytes..], page++)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(rest[..PageOrder.FrameBytes]);

            // The first two are steps.
            words[2..].Clear();
            for (var word = 0; word < 2; word++)
                Content.Write(ref words[word], Content.Read(ref _words[(2 * page) + word]));
        }

        return destination.Length;
    }

    /// <summary>What is cut off is zero when it is there again.</summary>
    public void SetLength(long lengthBytes)
    {
        for (var word = 0; word < 2 * _pages; word++)
        {
            if ((word / 2 * (long)PageOrder.FrameBytes) + (word % 2 * sizeof(ulong)) >= lengthBytes)
                Content.Write(ref _words[word], 0);
        }
    }

    public void Dispose() => Content.Write(ref _words[(2 * _pages) + 1], (ulong)Disposals + 1);

    /// <summary>After the scene.</summary>
    public void Free() => NativeMemory.Free(_words);

    /// <summary>What a page has.</summary>
    public ulong Word(int page, int word) => Content.Read(ref _words[(2 * page) + word]);

    /// <summary>Pages one after the other, of which the last may be a part.</summary>
    public void Write(ReadOnlySpan<byte> source, long offsetBytes)
    {
        Requirement.Equal(Disposals, 0, "a store is written before it is disposed");
        var writes = Writes;
        Content.Write(ref _words[(2 * _pages) + 2], (ulong)writes + 1);
        if (writes < WriteFailures)
            throw new IOException("the scene's store fails");
        for (; source.Length >= sizeof(ulong); source = source[Math.Min(source.Length, PageOrder.FrameBytes)..], offsetBytes += PageOrder.FrameBytes)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(source);
            var page = (int)(offsetBytes / PageOrder.FrameBytes);
            if (words.Length > 1)
                Requirement.That(MayBeCut || words[0] == words[1], "C7: a page is written as one content");
            for (var word = 0; word < Math.Min(2, words.Length); word++)
                Content.Write(ref _words[(2 * page) + word], words[word]);
        }
    }

    public void Flush() => Requirement.Equal(Disposals, 0, "a store is flushed before it is disposed");
}
