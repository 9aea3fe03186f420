using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FolioRuntime.Harness;
using FolioRuntime.Platform;
using FolioRuntime.Scale.Returning;
using FolioRuntime.Slabs;
using Microsoft.Extensions.Time.Testing;

namespace FolioRuntime.Tests.Faults;

/// <summary>What the test assembly does as a program of its own, to be killed or to live under a limit. Facts are printed one a line, as name=value.</summary>
internal static class ChildProgram
{
    private const int FilledBytes = 48 << 20;

    public static int Run(string[] arguments)
    {
        switch (arguments[0])
        {
            case "publish":
                Publish(arguments[1]);
                return 0;
            case "write-in-place":
                WriteHalf(arguments[1]);
                return 0;
            case "hold":
                Hold(int.Parse(arguments[1], CultureInfo.InvariantCulture));
                return 0;
            case "limited":
                Limited();
                return 0;
            case "refused":
                Refused();
                return 0;
            case "memory-return":
                MemoryReturns(int.Parse(arguments[1], CultureInfo.InvariantCulture));
                return 0;
            default:
                return 64;
        }
    }

    /// <summary>Publishes one result after another until it is killed.</summary>
    private static void Publish(string path)
    {
        var type = (JsonTypeInfo<int[]>)JsonSerializerOptions.Default.GetTypeInfo(typeof(int[]));
        for (var number = 0; ; number++)
        {
            JsonFile.Write(path, Enumerable.Range(number, 100_000).ToArray(), type);
            Console.WriteLine(number);
        }
    }

    /// <summary>The control: writes where the result is to be, and is killed half-way.</summary>
    private static void WriteHalf(string path)
    {
        File.WriteAllText(path, "[0,1,2,3,4,5,6,7");
        Wait();
    }

    private static void Hold(int mebibytes)
    {
        var pool = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = (long)mebibytes << 20 });
        var cache = pool.CreateByteCache("held", 1 << 20, new SlabCacheOptions { SlabOrder = 8 });
        for (var i = 0; i < mebibytes; i++)
            cache.BytesOf(cache.Rent()).Fill(1);
        Wait();
        GC.KeepAlive(pool);
    }

    /// <summary>A runtime of the default size: filled, or as far as 48 MiB, emptied and filled again, beside what the collector needs for itself.</summary>
    private static void Limited()
    {
        using var pool = new PoolRuntime();
        Say("available", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        Say("capacity", pool.CapacityBytes);
        Say("reserved", pool.Pages.Snapshot().ReservedBytes);
        using var cache = pool.CreateByteCache("filled", 4096);
        for (var round = 0; round < 2; round++)
        {
            var handles = new SlabHandle[FilledBytes / 4096];
            var rented = cache.TryRentMany(handles);
            foreach (var handle in handles.AsSpan(0, rented))
                cache.BytesOf(handle).Fill((byte)round);
            Say("rented", rented * 4096L);
            Say("managed", Managed().Sum(array => (long)array.Length));
            if (rented < handles.Length)
                Say("refusal", Refusal(() => cache.Rent()));
            cache.ReturnMany(handles.AsSpan(0, rented));
            pool.Trim();
        }

        Say("lost", pool.Pages.AllocatedFrames);
        using var arrays = new PoolRuntime(new PoolRuntimeOptions { Backing = MemoryBacking.PinnedArrays });
        Say("arrays", arrays.Pages.Snapshot().ReservedBytes);
        using var owner = arrays.CreateMemoryPool().Rent();
        owner.Memory.Span.Fill(1);
    }

    /// <summary>Objects of two sizes, filled and returned: what is left after a trim, and after ten seconds of a clock that is turned.</summary>
    private static void MemoryReturns(int mebibytes)
    {
        var time = new FakeTimeProvider();
        var measured = new MemoryReturn((long)mebibytes << 20, 64, time, TenSeconds, static () => { }, CancellationToken.None);
        foreach (var objectBytes in (int[])[64, 4096])
        {
            foreach (var byItself in (bool[])[false, true])
            {
                var figures = measured.Measure(objectBytes, byItself)!;
                Say($"{objectBytes} {figures.Way}", figures.LeftPercent);
                Say($"{objectBytes} {figures.Way} full", 100.0 * (figures.FullBytes - figures.BeforeBytes) / figures.FilledBytes);
            }
        }

        void TenSeconds()
        {
            for (var second = 0; second < 10; second++)
                time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Runtimes, one after another, until the system has no more address space; then, once they are gone, one more.</summary>
    private static void Refused()
    {
        Say("refusal", Refusal(MakeMany));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var again = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 16 << 20 });
        var cache = again.CreateCache<long>("again");
        cache.Return(cache.Rent());
        Say("again", again.CapacityBytes);
    }

    private static void MakeMany()
    {
        var made = new List<PoolRuntime>();
        try
        {
            // Ends: each takes at least the smallest reservation. An area is 256 MiB, which a reservation is aligned to: so it is refused
            // while there still is room for what the .NET runtime maps meanwhile.
            while (true)
            {
                made.Add(new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 256 << 20, MaxOrder = 16 }));
                Say("reserved", made[^1].Pages.Snapshot().ReservedBytes);
            }
        }
        finally
        {
            foreach (var pool in made)
                pool.Dispose();
        }
    }

    // A good part of what the collector was left, alive at once.
    private static byte[][] Managed() => [.. Enumerable.Range(0, 40).Select(_ => new byte[1 << 20])];

    private static string Refusal(Action action)
    {
        try
        {
            action();
            return "none";
        }
        catch (Exception refusal) when (refusal is OutOfMemoryException or VirtualMemoryException)
        {
            return $"{refusal.GetType().Name}: {refusal.Message}";
        }
    }

    // Until the other end of the standard input is closed, which a kill comes before.
    private static void Wait()
    {
        Console.WriteLine("ready");
        Console.In.ReadToEnd();
    }

    private static void Say(string name, object value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));
}
