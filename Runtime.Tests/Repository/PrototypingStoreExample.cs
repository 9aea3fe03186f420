#region PROTOTYPING_STORE
using System.Collections.Concurrent;
using System.IO.Compression;
using FolioRuntime;
using FolioRuntime.PageCaching;
#endregion
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>The store that docs/PROTOTYPING.md shows, compiled and run; see <see cref="DocumentedExamples"/>.</summary>
public class PrototypingStoreExample
{
    [Test]
    public void The_store_prints_what_it_says() => Assert.That(DocumentedExamples.OutputOf(Play), Is.EqualTo("0 7\n"));

    [Test]
    public void What_it_cuts_off_is_zeros_when_it_grows_again()
    {
        using var store = new CompressedStore();
        var pages = Enumerable.Repeat((byte)7, 3 * 4096).ToArray();
        store.Write(pages, 0);
        store.SetLength(5000);
        store.SetLength(pages.Length);
        Assert.That(store.Read(pages, 0), Is.EqualTo(pages.Length));
        Assert.That(pages.AsSpan(..5000).IndexOfAnyExcept((byte)7), Is.EqualTo(-1));
        Assert.That(pages.AsSpan(5000..).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    private static void Play()
    {
        #region PROTOTYPING_STORE
        var store = new CompressedStore();
        store.Write(Enumerable.Repeat((byte)7, 1000 * 4096).ToArray(), 4096);
        using var runtime = new PoolRuntime();
        using var cache = runtime.CreatePageCache(new PageCacheOptions { CapacityPages = 100 });
        var mapping = cache.Open(store);                        // owns the store from here on
        var bytes = new byte[2];
        mapping.Read(4095, bytes);
        Console.WriteLine($"{bytes[0]} {bytes[1]}");            // the last byte of page 0, the first of page 1
        #endregion
    }

    #region PROTOTYPING_STORE
    /// <summary>Pages in memory, each compressed.</summary>
    internal sealed class CompressedStore : IPageStore
    {
        private readonly ConcurrentDictionary<long, byte[]> _pages = new();
        private long _length;

        public long LengthBytes => Volatile.Read(ref _length);
        public int AlignmentBytes => 4096;                      // so it is asked for whole pages only

        public int Read(Span<byte> destination, long offsetBytes)
        {
            destination.Clear();
            for (var done = 0; done < destination.Length; done += 4096)
                if (_pages.TryGetValue((offsetBytes + done) / 4096, out var page) && !BrotliDecoder.TryDecompress(page, destination[done..], out _))
                    throw new IOException($"The page at {offsetBytes + done} can't be decompressed.");
            return (int)Math.Clamp(LengthBytes - offsetBytes, 0, destination.Length);
        }

        public void Write(ReadOnlySpan<byte> source, long offsetBytes)
        {
            Span<byte> room = new byte[BrotliEncoder.GetMaxCompressedLength(4096)];
            for (var done = 0; done < source.Length; done += 4096)
            {
                BrotliEncoder.TryCompress(source.Slice(done, 4096), room, out var size, quality: 1, window: 12);
                _pages[(offsetBytes + done) / 4096] = room[..size].ToArray();
            }
            lock (_pages) _length = Math.Max(_length, offsetBytes + source.Length);
        }

        public void SetLength(long lengthBytes)
        {
            var last = new byte[4096];
            if (Read(last, lengthBytes & -4096) > (lengthBytes & 4095))
            {
                last.AsSpan((int)(lengthBytes & 4095)).Clear(); // what is cut off is zeros when it grows again
                Write(last, lengthBytes & -4096);
            }
            foreach (var index in _pages.Keys.Where(index => index * 4096 >= lengthBytes))
                _pages.TryRemove(index, out _);
            Volatile.Write(ref _length, lengthBytes);
        }

        public void Flush() { }
        public void Dispose() { }
    }
    #endregion
}
