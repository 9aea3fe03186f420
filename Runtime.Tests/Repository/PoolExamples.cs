#region POOLS
using System.IO.Pipelines;
using System.Threading.Channels;
using FolioRuntime;
using FolioRuntime.Integrations.Pipelines;
#endregion
using FolioRuntime.Lifetimes;
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>The C# of docs/POOLS.md, compiled and run; see <see cref="DocumentedExamples"/>.</summary>
public class PoolExamples
{
    [Test]
    [CancelAfter(60_000)]
    public async Task TheExampleOfRetainedBytesPrintsWhatItSays()
    {
        var output = new StringWriter();
        var console = Console.Out;
        Console.SetOut(output);
        try
        {
            await FanOutAsync();
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo("10000000 10000000 10000000\n0\n"));
    }

    private static async Task FanOutAsync()
    {
        #region POOLS
        using var runtime = new PoolRuntime();
        using var pool = runtime.CreateMemoryPool();
        var pipe = new Pipe(new PipeOptions(pool));
        var queues = Enumerable.Range(0, 3).Select(_ => Channel.CreateBounded<RetainedSequence>(64)).ToArray();
        var consumers = queues.Select(queue => Task.Run(() => ConsumeAsync(queue.Reader))).ToArray();
        var distributor = Task.Run(DistributeAsync);

        for (var i = 0; i < 1000; i++)
            await pipe.Writer.WriteAsync(new byte[10_000]);
        await pipe.Writer.CompleteAsync();
        await distributor;
        Console.WriteLine(string.Join(' ', await Task.WhenAll(consumers)));     // 10000000 10000000 10000000
        Console.WriteLine(pool.Cache.Statistics().ActiveObjects);               // 0: all blocks are back

        async Task DistributeAsync()
        {
            while (await pipe.Reader.ReadRetainedAsync(ForeignMemory.Copy) is { } bytes)
            {
                using (bytes)
                {
                    foreach (var queue in queues)
                        await queue.Writer.WriteAsync(bytes.Retain());          // one more count on each block, no copy
                }
            }

            foreach (var queue in queues)
                queue.Writer.Complete();
            await pipe.Reader.CompleteAsync();
        }

        static async Task<long> ConsumeAsync(ChannelReader<RetainedSequence> queue)
        {
            var sum = 0L;
            await foreach (var bytes in queue.ReadAllAsync())
            {
                using (bytes)                                                   // whoever has them last gives the blocks back, on its thread
                    sum += bytes.Sequence.Length;
            }

            return sum;
        }
        #endregion
        Assert.That(runtime.ViolationCount(ViolationKind.UseAfterRelease), Is.Zero);
    }
}
