using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests;

/// <summary>What a runtime tells about itself: the snapshot's numbers and table, and the message when nothing is left.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class StatisticsTests(int generationBits) : RuntimeFixture(generationBits)
{
    private static readonly string[] s_columns =
    [
        "name", "active_objs", "num_objs", "objsize", "objperslab", "pagesperslab", "limit", "active_slabs", "num_slabs", "cached", "sharedavail", "retired", "stale_rejected", "rented", "returned", "misses",
    ];

    private static readonly string[] s_others = ["a", "c"];

    [Test]
    public void The_table_has_slabinfos_columns_and_the_numbers_of_what_was_done()
    {
        var cache = Pool.CreateCache<long>("nodes", new SlabCacheOptions { SlabOrder = 0, ThreadCacheCapacity = 7 });
        var handles = Enumerable.Range(0, 300).Select(_ => cache.Rent()).ToArray();
        cache.Return(handles[0]);
        Assert.That(cache.TryGet(handles[0], out _), Is.False);
        Assert.That(cache.TryReturn(handles[0]), Is.False);

        var text = Pool.Snapshot().ToString();
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        var header = Array.FindIndex(lines, line => line.StartsWith("name ", StringComparison.Ordinal));
        Assert.That(Words(lines[header]), Is.EqualTo(s_columns));
        var now = Pool.Snapshot().Caches.Single();
        Assert.That(
            Words(lines[header + 1]),
            Is.EqualTo(new[] { "nodes", "299", "512", "8", "256", "1", "7", "2", "2", $"{now.CachedObjects}", "0", "0", "1", "300", "1", $"{now.Refills}" }));
        Assert.That(lines[^1], Is.EqualTo("violations: DoubleReturn 1"));
        Assert.That(lines[0], Does.StartWith("pages: capacity 64 MiB").And.Contain("allocated 8 KiB"));
    }

    [Test]
    public void The_numbers_agree_with_what_was_done_at_every_step()
    {
        var cache = Pool.CreateByteCache("blocks", 1000, new SlabCacheOptions { SlabOrder = 0, EmptySlabsKept = 1, ThreadCacheCapacity = 2 });
        var handles = new SlabHandle[10];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(10));
        var now = Of("blocks");
        Assert.That((now.ActiveObjects, now.TotalObjects, now.TotalSlabs, now.ActiveSlabs, now.SlabsCreated), Is.EqualTo((10L, 12L, 3L, 3L, 3L)));
        Assert.That((now.ObjectBytes, now.StrideBytes, now.ObjectsPerSlab, now.PagesPerSlab, now.Limit), Is.EqualTo((1000, 1000, 4, 1, 2)));

        cache.ReturnMany(handles);
        now = Of("blocks");
        Assert.That((now.ActiveObjects, now.CachedObjects), Is.EqualTo((0L, 2L)), "two with this thread, the others in their slabs");
        cache.Trim();
        now = Of("blocks");
        Assert.That((now.TotalSlabs, now.TotalObjects, now.CachedObjects, now.SlabsCreated), Is.EqualTo((0L, 0L, 0L, 3L)));
        Assert.That(Pool.Snapshot().Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void Caches_are_listed_by_name_and_gone_once_disposed()
    {
        var second = Pool.CreateCache<int>("b");
        Pool.CreateCache<int>("a");
        Pool.CreateCache<int>("c");
        second.Dispose();
        Assert.That(Pool.Snapshot().Caches.Select(cache => cache.Name), Is.EqualTo(s_others));
        Assert.That(Pool.Snapshot().ToString(), Does.EndWith("violations: none"));
    }

    [Test]
    public void Trim_says_how_many_bytes_came_back()
    {
        var cache = Pool.CreateByteCache("blocks", 4096);
        var handles = new SlabHandle[1000];
        cache.TryRentMany(handles);
        cache.ReturnMany(handles);
        var given = Pool.Trim();
        Assert.That(given, Is.GreaterThanOrEqualTo(1000 * 4096L).And.LessThanOrEqualTo(Pool.Snapshot().Pages.DiscardedBytes));
        Assert.That(Pool.Trim(), Is.Zero, "what is given back is given back once");
    }

    [Test]
    public void Exhaustion_says_capacity_use_and_who_holds_most_and_leaves_nothing_half_done()
    {
        var hoarder = Pool.CreateByteCache("hoarder", 1 << 20);
        var minor = Pool.CreateByteCache("minor", 4096);
        var starved = Pool.CreateByteCache("starved", 2 << 20);
        minor.Rent();
        while (hoarder.TryRent(out _))
        {
        }

        var before = Pool.Snapshot();
        var error = Assert.Throws<OutOfMemoryException>(() => starved.Rent())!;

        Assert.That(error.Message, Does.Contain("'starved'").And.Contain("capacity 64 MiB").And.Contain("in use"));
        Assert.That(error.Message.IndexOf("hoarder", StringComparison.Ordinal), Is.Positive.And.LessThan(error.Message.IndexOf("minor", StringComparison.Ordinal)), "who holds most comes first");
        Assert.That(starved.TryRent(out var handle), Is.False);
        Assert.That(handle, Is.EqualTo(default(SlabHandle)));
        Assert.That(starved.TryAllocate(out var reference), Is.False);
        Assert.That(reference.Bytes.IsEmpty, Is.True);
        reference.Dispose();
        Assert.That(starved.TryRentMany(new SlabHandle[3]), Is.Zero);
        var after = Pool.Snapshot();
        Assert.That(after.Pages.AllocatedFrames, Is.EqualTo(before.Pages.AllocatedFrames));
        Assert.That(after.Caches.Single(cache => cache.Name == "starved").TotalSlabs, Is.Zero);
        Assert.That(Violations, Is.Empty, "running out is expected");
    }

    [Test]
    public void A_listener_that_throws_harms_nobody()
    {
        var heard = new List<ViolationKind>();
        Pool.ViolationDetected += _ => throw new InvalidTimeZoneException();
        var cache = Pool.CreateCache<long>("nodes");
        var handle = cache.Rent();
        cache.Return(handle);
        Pool.ViolationDetected += violation => heard.Add(violation.Kind);
        Assert.That(cache.TryReturn(handle), Is.False);
        Assert.That(Pool.ViolationCount(ViolationKind.DoubleReturn), Is.EqualTo(1));
        cache.Return(cache.Rent());
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private SlabCacheStatistics Of(string name) => Pool.Snapshot().Caches.Single(cache => cache.Name == name);
}
