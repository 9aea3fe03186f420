using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using FolioRuntime;
using FolioRuntime.Hosting;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ObjectPool;
using Microsoft.IO;
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>What docs/EMBEDDING.md shows of moving from other pools, before and after, compiled and run; see <see cref="DocumentedExamples"/>.</summary>
public class MigrationExamples
{
    [Test]
    public void Before_the_array_pool_gives_one_array_to_two() => Assert.That(DocumentedExamples.OutputOf(UseArrayPool), Is.EqualTo("8192\nTrue\n"));

    [Test]
    public void After_no_block_is_given_to_two() => Assert.That(DocumentedExamples.OutputOf(UseMemoryPool), Is.EqualTo("65536\nFalse\n"));

    [Test]
    public void Before_the_object_pool_gives_one_object_to_two() => Assert.That(DocumentedExamples.OutputOf(UseDefaultPool), Is.EqualTo("True\n"));

    [Test]
    public void After_no_object_is_given_to_two() => Assert.That(DocumentedExamples.OutputOf(UseSlabPool), Is.EqualTo("False\n"));

    [Test]
    public void A_containers_provider_is_ours()
    {
        // It has registered another already.
        var builder = WebApplication.CreateBuilder();
        #region CONTAINERS_PROVIDER
        builder.Services.AddPoolRuntime();
        builder.Services.AddSingleton<ObjectPoolProvider>(services => services.GetRequiredService<PoolRuntime>().CreateObjectPoolProvider());
        #endregion
        using var provider = builder.Services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<ObjectPoolProvider>(), Is.InstanceOf<SlabObjectPoolProvider>());
    }

    [Test]
    public async Task Before_kept_memory_shows_the_next_streams_bytes() =>
        Assert.That(await DocumentedExamples.OutputOfAsync(UseRecyclableStreamAsync), Is.EqualTo("""{"Id":7,"Pieces":3}""" + "\nother\n"));

    [Test]
    public async Task After_kept_memory_refuses() =>
        Assert.That(await DocumentedExamples.OutputOfAsync(UsePipeAsync), Is.EqualTo("""{"Id":7,"Pieces":3}""" + "\nrefused\n"));

    private static void UseArrayPool()
    {
        #region FROM_ARRAY_POOL
        var pool = ArrayPool<byte>.Shared;
        var buffer = pool.Rent(5000);
        Console.WriteLine(buffer.Length);                               // 8192: the next power of two
        pool.Return(buffer);
        pool.Return(buffer);                                            // the mistake
        Console.WriteLine(pool.Rent(5000) == pool.Rent(5000));          // True: two renters write to one array
        #endregion
    }

    private static void UseMemoryPool()
    {
        #region TO_MEMORY_POOL
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 64 << 20 });
        using var pool = runtime.CreateMemoryPool(new SlabMemoryPoolOptions { Name = "buffers", BlockSizes = [4096, 65536] });
        var owner = pool.Rent(5000);
        Console.WriteLine(owner.Memory.Length);                         // 65536: the smallest block that is long enough
        owner.Dispose();
        owner.Dispose();                                                // the mistake: counted, reported, and nothing else
        using var one = pool.Rent(5000);
        using var two = pool.Rent(5000);
        Console.WriteLine(one.Memory.Span.Overlaps(two.Memory.Span));   // False
        #endregion
        Assert.That(runtime.ViolationCount(ViolationKind.DoubleDispose), Is.EqualTo(1));
    }

    private static void UseDefaultPool()
    {
        #region FROM_OBJECT_POOL
        ObjectPoolProvider provider = new DefaultObjectPoolProvider();
        var pool = provider.CreateStringBuilderPool();
        var text = pool.Get();
        pool.Return(text);
        pool.Return(text);                                              // the mistake
        Console.WriteLine(pool.Get() == pool.Get());                    // True: two users append to one text
        #endregion
    }

    private static void UseSlabPool()
    {
        #region TO_OBJECT_POOL
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 64 << 20 });
        ObjectPoolProvider provider = runtime.CreateObjectPoolProvider();
        var pool = provider.CreateStringBuilderPool();
        var text = pool.Get();
        pool.Return(text);
        pool.Return(text);                                              // the mistake: refused, counted and reported
        Console.WriteLine(pool.Get() == pool.Get());                    // False
        #endregion
        Assert.That(runtime.ViolationCount(ViolationKind.DoubleReturn), Is.EqualTo(1));
    }

    private static async Task UseRecyclableStreamAsync()
    {
        #region FROM_RECYCLABLE_STREAM
        var manager = new RecyclableMemoryStreamManager();
        ReadOnlyMemory<byte> kept;
        using (var stream = manager.GetStream())
        {
            await JsonSerializer.SerializeAsync(stream, new Order(Id: 7, Pieces: 3));
            kept = stream.GetReadOnlySequence().First;
            Console.WriteLine(Encoding.UTF8.GetString(kept.Span));
        }

        using var next = manager.GetStream();
        next.Write("other"u8);
        Console.WriteLine(Encoding.UTF8.GetString(kept.Span[..5]));     // other: what was kept is somebody else's by now
        #endregion
    }

    private static async Task UsePipeAsync()
    {
        #region TO_PIPE
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 64 << 20 });
        using var blocks = runtime.CreateMemoryPool();
        var pipe = new Pipe(new PipeOptions(blocks, pauseWriterThreshold: 0));      // 0: a writer waits for no reader
        await JsonSerializer.SerializeAsync(pipe.Writer, new Order(Id: 7, Pieces: 3));
        await pipe.Writer.CompleteAsync();
        var read = await pipe.Reader.ReadAsync();
        var kept = read.Buffer.First;
        Console.WriteLine(Encoding.UTF8.GetString(kept.Span));
        await pipe.Reader.CompleteAsync();                                          // the blocks go back

        try
        {
            Console.WriteLine(Encoding.UTF8.GetString(kept.Span[..5]));
        }
        catch (ObjectDisposedException)
        {
            Console.WriteLine("refused");                                           // what was kept shows nobody's bytes
        }
        #endregion
    }

    private sealed record Order(int Id, int Pieces);
}
