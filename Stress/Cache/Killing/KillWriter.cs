using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Caching.Killing;

/// <summary>
/// The process that is killed: a few threads write through a cache that is too small for the file, flush now and then, and say after each flush how far they were before it, a line
/// <c>thread number</c>. From life to life dirty pages are written for another reason; where memory is one, another thread takes it for slabs. It ends by itself when nobody listens any more.
/// </summary>
internal sealed class KillWriter(KillSubject subject, string path, ulong seed, int life, TextReader input, TextWriter output)
{
    private const int CapacityPages = 48;
    private const int SpareFrames = 16;
    private const int BlockBytes = 2048;
    private const int MostWritesBetweenFlushes = 40;

    public int Run()
    {
        var writeback = WritebackKind.Of(life);
        var isShort = writeback.Expire == Timeout.InfiniteTimeSpan;
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = isShort ? (CapacityPages + SpareFrames) * PageOrder.FrameBytes : 16 << 20, MaxOrder = 5 });
        using var cache = runtime.CreatePageCache(writeback.Options(CapacityPages));
        var mapping = cache.Open(subject.Open(path, seed + (ulong)life));
        for (var thread = 0; thread < KillScript.Threads; thread++)
        {
            var number = thread;
            new Thread(() => Write(mapping, number)) { IsBackground = true }.Start();
        }

        if (isShort)
            new Thread(() => TakeMemory(runtime)) { IsBackground = true }.Start();
        Say("ready");
        input.ReadToEnd();
        return ExitCode.Pass;
    }

    private void Write(PageMapping mapping, int thread)
    {
        var script = new KillScript(seed, life, thread);
        var random = new XorShift(seed ^ (ulong)life, thread);
        var bytes = new byte[PageOrder.FrameBytes];

        // Ends with the process.
        for (var number = 0L; ;)
        {
            for (var left = 1 + random.Below(MostWritesBetweenFlushes); left > 0; left--, number++)
            {
                var (page, first, cells, version) = script.Next();
                for (var cell = 0; cell < cells; cell++)
                    KillCell.Fill(bytes.AsSpan(cell * KillCell.Bytes, KillCell.Bytes), (page * KillCell.PerPage) + first + cell, version);

                // Ends: others give memory back.
                while (!TryWrite(mapping, ((long)page * PageOrder.FrameBytes) + (first * KillCell.Bytes), bytes.AsSpan(..(cells * KillCell.Bytes))))
                    Thread.Yield();
            }

            if (subject.Flushes)
                mapping.Flush();
            Say($"{thread} {number}");
        }
    }

    /// <summary>Within a page: all of it or nothing.</summary>
    private static bool TryWrite(PageMapping mapping, long offsetBytes, ReadOnlySpan<byte> source)
    {
        try
        {
            mapping.Write(offsetBytes, source);
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>Takes what slabs can get and gives it back, again and again: dirty pages must make room.</summary>
    private static void TakeMemory(PoolRuntime runtime)
    {
        var cache = runtime.CreateByteCache("blocks", BlockBytes);
        var blocks = new SlabHandle[(CapacityPages + SpareFrames) * (PageOrder.FrameBytes / BlockBytes) / 2];

        // Ends with the process.
        while (true)
        {
            var taken = cache.TryRentMany(blocks);
            Thread.Sleep(1);
            cache.ReturnMany(blocks.AsSpan(..taken));
            runtime.Trim();
        }
    }

    private void Say(string line)
    {
        lock (output)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
