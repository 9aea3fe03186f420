using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using BitFaster.Caching;
using FolioRuntime.PageCaching;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Caching.Measuring;

/// <content>The ways.</content>
internal sealed partial class BenchFiles
{
    // As long as the page cache reads without a reference.
    private const int OptimisticBytes = 512;

    private static void ThrowNotThere() => throw new InvalidOperationException("All pages are in the cache.");

    private readonly struct SystemReader(SafeFileHandle file) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination) => RandomAccess.Read(file, destination, offset);
    }

    /// <summary>By the rule of the page cache.</summary>
    private readonly struct CacheReader(PageMapping mapping) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination) => mapping.Read(offset, destination);
    }

    /// <summary>Without a reference, whatever the length: in pieces that are short enough.</summary>
    private readonly struct OptimisticReader(PageMapping mapping) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            if (destination.Length <= OptimisticBytes)
            {
                mapping.Read(offset, destination);
                return;
            }

            for (var done = 0; done < destination.Length; done += OptimisticBytes)
                mapping.Read(offset + done, destination.Slice(done, Math.Min(OptimisticBytes, destination.Length - done)));
        }
    }

    /// <summary>Copied under a reference, whatever the length.</summary>
    private readonly struct CountedReader(PageMapping mapping) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            for (var done = 0; done < destination.Length;)
            {
                var within = (int)(offset + done) & (PageBytes - 1);
                var part = destination.Slice(done, Math.Min(PageBytes - within, destination.Length - done));
                if (!mapping.TryGetFolio((offset + done) / PageBytes, out var folio))
                    ThrowNotThere();
                folio.Bytes.Slice(within, part.Length).CopyTo(part);
                folio.Dispose();
                done += part.Length;
            }
        }
    }

    /// <summary>The pages themselves, of which only the first byte of each folio is looked at.</summary>
    private readonly struct ZeroCopyReader(PageMapping mapping) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            for (var page = offset / PageBytes; page * PageBytes < offset + destination.Length;)
            {
                if (!mapping.TryGetFolio(page, out var folio))
                    ThrowNotThere();
                var bytes = folio.Bytes[PageMapping.OffsetInFolio(folio, page)..];
                destination[0] = bytes[0];
                folio.Dispose();
                page += bytes.Length / PageBytes;
            }
        }
    }

    /// <summary>As <see cref="ZeroCopyReader"/>, of pages of a type, by their keys.</summary>
    private readonly struct TypedReader(PageType type) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            for (var page = offset / PageBytes; page * PageBytes < offset + destination.Length; page++)
            {
                if (!type.TryGet(page, out var folio))
                    ThrowNotThere();
                destination[0] = folio.Bytes[0];
                folio.Dispose();
            }
        }
    }

    private readonly struct MappedReader(nint address) : IBenchReader
    {
        // SAFETY: the view is as long as the file, and every place lies in it.
        public unsafe void Read(long offset, Span<byte> destination) => new ReadOnlySpan<byte>((void*)(address + offset), destination.Length).CopyTo(destination);
    }

    /// <summary>As safe code reads a mapped file. The accessor takes arrays only.</summary>
    private readonly struct AccessorReader(MemoryMappedViewAccessor view, byte[] copy) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            view.ReadArray(offset, copy, 0, destination.Length);
            copy.AsSpan(0, destination.Length).CopyTo(destination);
        }
    }

    private readonly struct StreamReader(FileStream stream) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            stream.Position = offset;
            stream.ReadExactly(destination);
        }
    }

    /// <summary>Pages by their number, and nothing else: no look-up does with less.</summary>
    private readonly struct ArrayReader(byte[][] pages) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            for (var done = 0; done < destination.Length;)
            {
                var within = (int)(offset + done) & (PageBytes - 1);
                var part = destination.Slice(done, Math.Min(PageBytes - within, destination.Length - done));
                pages[(offset + done) / PageBytes].AsSpan(within, part.Length).CopyTo(part);
                done += part.Length;
            }
        }
    }

    private readonly struct DictionaryReader(ConcurrentDictionary<long, byte[]> pages) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            for (var done = 0; done < destination.Length;)
            {
                var within = (int)(offset + done) & (PageBytes - 1);
                var part = destination.Slice(done, Math.Min(PageBytes - within, destination.Length - done));
                if (!pages.TryGetValue((offset + done) / PageBytes, out var page))
                    ThrowNotThere();
                page.AsSpan(within, part.Length).CopyTo(part);
                done += part.Length;
            }
        }
    }

    private readonly struct CacheOfArraysReader(ICache<long, byte[]> pages) : IBenchReader
    {
        public void Read(long offset, Span<byte> destination)
        {
            for (var done = 0; done < destination.Length;)
            {
                var within = (int)(offset + done) & (PageBytes - 1);
                var part = destination.Slice(done, Math.Min(PageBytes - within, destination.Length - done));
                if (!pages.TryGet((offset + done) / PageBytes, out var page))
                    ThrowNotThere();
                page.AsSpan(within, part.Length).CopyTo(part);
                done += part.Length;
            }
        }
    }
}
