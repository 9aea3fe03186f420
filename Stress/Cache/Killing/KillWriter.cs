using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Caching.Killing;

/// <summary>
/// The process that is killed: a few threads write through a cache that is too small for the file, flush now and then, and say after each flush how far they were before it, a line
/// <c>thread number</c>. It ends by itself when nobody listens any more.
/// </summary>
internal sealed class KillWriter(KillSubject subject, string path, ulong seed, int life, TextReader input, TextWriter output)
{
    private const int CapacityPages = 48;
    private const int MostWritesBetweenFlushes = 40;

    public int Run()
    {
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 16 << 20 });
        using var cache = runtime.CreatePageCache(new PageCacheOptions { CapacityPages = CapacityPages });
        var mapping = cache.Open(subject.Open(path, seed + (ulong)life));
        for (var thread = 0; thread < KillScript.Threads; thread++)
        {
            var number = thread;
            new Thread(() => Write(mapping, number)) { IsBackground = true }.Start();
        }

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
                mapping.Write(((long)page * PageOrder.FrameBytes) + (first * KillCell.Bytes), bytes.AsSpan(..(cells * KillCell.Bytes)));
            }

            if (subject.Flushes)
                mapping.Flush();
            Say($"{thread} {number}");
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
