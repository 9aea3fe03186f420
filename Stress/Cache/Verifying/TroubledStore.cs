using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;
using FolioRuntime.Primitives;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// A file that sometimes fails and sometimes takes its time. A page of it is read, and written behind the cache's back, in one piece, so that whatever is read of a page was its content at one moment.
/// </summary>
internal sealed class TroubledStore(string path, bool isWritable, ulong seed, int faultOneIn) : IPageStore
{
    private const int PageBytes = PageOrder.FrameBytes;
    private const int PauseOneIn = 16;
    private const int Stripes = 16;

    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Open, isWritable ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite);
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private int _calls;
    private int _disposals;

    public long LengthBytes => RandomAccess.GetLength(_file);

    public int AlignmentBytes => 1;

    public int Disposals => Volatile.Read(ref _disposals);

    public int Read(Span<byte> destination, long offsetBytes)
    {
        MakeTrouble();
        var done = 0;
        while (done < destination.Length)
        {
            var position = offsetBytes + done;
            var part = destination.Slice(done, (int)Math.Min(PageBytes - (position % PageBytes), destination.Length - done));
            int read;
            lock (StripeOf(position))
                read = RandomAccess.Read(_file, part, position);
            done += read;
            if (read < part.Length)
                break;
        }

        return done;
    }

    // Truly later, on another thread.
    public async ValueTask<int> ReadAsync(IReadOnlyList<Memory<byte>> destinations, long offsetBytes, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var done = 0;
        foreach (var destination in destinations)
        {
            var read = Read(destination.Span, offsetBytes + done);
            done += read;
            if (read < destination.Length)
                break;
        }

        return done;
    }

    public void Write(ReadOnlySpan<byte> source, long offsetBytes)
    {
        lock (StripeOf(offsetBytes))
            RandomAccess.Write(_file, source, offsetBytes);
    }

    public void Flush()
    {
    }

    public void SetLength(long lengthBytes)
    {
        MakeTrouble();
        RandomAccess.SetLength(_file, lengthBytes);
    }

    public void Dispose()
    {
        Interlocked.Increment(ref _disposals);
        _file.Dispose();
    }

    private Lock StripeOf(long position) => _stripes[position / PageBytes % Stripes];

    private void MakeTrouble()
    {
        var call = Interlocked.Increment(ref _calls);
        var random = new XorShift(seed, call);
        if (random.OnceIn(PauseOneIn))
            Thread.Yield();
        if (faultOneIn > 0 && random.OnceIn(faultOneIn))
            throw new InjectedFaultException($"call {call} of {path}");
    }
}
