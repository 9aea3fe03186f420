using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Writes into an object after its return, and what an object holds before its owner writes.</summary>
[TestFixture(32, SlabDiscipline.Shared, MemoryBacking.Native)]
[TestFixture(3, SlabDiscipline.Exclusive, MemoryBacking.Native)]
[TestFixture(32, SlabDiscipline.Exclusive, MemoryBacking.PinnedArrays)]
public sealed class SlabDebugPoisonTests(int generationBits, SlabDiscipline discipline, MemoryBacking backing)
    : SlabDebugFixture(generationBits, discipline, backing)
{
    private const SlabDebugOptions Poison = SlabDebugOptions.Poison | SlabDebugOptions.Stacks;
    private const SlabDebugOptions NoPoison = SlabDebugOptions.All & ~SlabDebugOptions.Poison;

    private static readonly object[] s_places =
    [
        new object[] { 0, 8, "free object overwritten from offset 0 to 7 of the object, first byte 0x00 instead of 0x6b" },
        new object[] { 29, 1, "free object overwritten from offset 29 to 29 of the object, first byte 0x00 instead of 0x6b" },
        new object[] { Size - 1, 1, "free object overwritten from offset 63 to 63 of the object, first byte 0x00 instead of 0xa5" },
    ];

    [TestCaseSource(nameof(s_places))]
    public void First_word_middle_byte_or_end_of_a_freed_object_is_found_when_it_is_rented(int offset, int count, string words)
    {
        var cache = Create(Poison);
        var handle = RentAgain(cache);
        ReturnHere(cache, handle);
        Scribble(cache, handle, offset, count: count);

        var next = cache.Rent();

        RequireReport(cache, handle, words);
        cache.Return(next);
        RequireTheRestGoesOn(cache, handle);
    }

    [TestCaseSource(nameof(s_places))]
    public void First_word_middle_byte_or_end_of_a_freed_object_is_found_on_demand(int offset, int count, string words)
    {
        var cache = Create(Poison);
        var handle = RentAgain(cache);
        ReturnHere(cache, handle);
        Scribble(cache, handle, offset, count: count);

        Assert.That(cache.Validate(), Is.EqualTo(1));

        RequireReport(cache, handle, words);
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void A_write_after_the_return_is_found_when_the_slab_leaves_the_cache([Values] bool atEnd)
    {
        var cache = Create(Poison);
        var handle = RentAgain(cache);
        ReturnHere(cache, handle);
        Scribble(cache, handle, 0);

        if (atEnd)
            cache.Dispose();
        else
            cache.Trim();

        RequireReport(cache, handle, "free object overwritten");
        if (atEnd)
            RequireOthersGoOn(handle);
        else
            RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void Without_poison_the_same_writes_go_unnoticed([Values(SlabDebugOptions.None, NoPoison)] SlabDebugOptions debug)
    {
        var cache = Create(debug);
        var handle = cache.Rent();
        cache.Return(handle);
        Scribble(cache, handle, 0, count: 8);
        Scribble(cache, handle, 29);
        Scribble(cache, handle, Size - 1);
        RequireUnnoticed(cache);
    }

    [Test]
    public void A_write_into_the_tail_of_a_slab_is_found_on_demand()
    {
        var cache = Pool.CreateByteCache("tail", 100, new SlabCacheOptions { Discipline = Discipline, Debug = SlabDebugOptions.All, SlabOrder = 0 });
        var layout = cache.Layout;
        var handles = new SlabHandle[layout.SlotCount - 1];
        cache.TryRentMany(handles);
        var last = RentAgain(cache);
        Scribble(cache, last, -layout.ObjectOffsetBytes + layout.StrideBytes);

        Assert.That(cache.Validate(), Is.EqualTo(1));
        RequireReportOfLive(cache, last, "the slab's tail, behind the last slot, overwritten at offset 0");
        cache.ReturnMany([.. handles, last]);
        RequireTheRestGoesOn(cache, last);
    }

    [Test]
    public void An_object_holds_5a_before_it_is_constructed_and_6b_once_it_is_destroyed_with_a5_at_its_end()
    {
        var seen = Array.Empty<byte>();
        var cache = Pool.CreateByteCache("seen", Size, new SlabCacheOptions { Debug = SlabDebugOptions.Poison, Discipline = Discipline }, constructor: bytes => seen = bytes.ToArray());
        var handle = cache.Rent();
        Assert.That(seen, Is.All.EqualTo(0x5a));
        Assert.That(cache.BytesOf(handle).ContainsAnyExcept((byte)0x5a), Is.False);
        cache.BytesOf(handle).Clear();
        cache.Return(handle);
        Assert.That(Content(cache, handle)[..^1], Is.All.EqualTo(0x6b));
        Assert.That(Content(cache, handle)[^1], Is.EqualTo(0xa5));
    }

    [Test]
    public void ZeroOnAllocate_wins_over_poison_and_poison_over_ZeroOnFree()
    {
        var cache = Pool.CreateByteCache("zeroed", Size, new SlabCacheOptions { Debug = SlabDebugOptions.Poison, Discipline = Discipline, ZeroOnAllocate = true, ZeroOnFree = true });
        for (var i = 0; i < 3; i++)
        {
            var handle = cache.Rent();
            Assert.That(cache.BytesOf(handle).ContainsAnyExcept((byte)0), Is.False);
            cache.BytesOf(handle).Fill(0xff);
            cache.Return(handle);
            Assert.That(Content(cache, handle)[0], Is.EqualTo(0x6b));
        }

        Assert.That(cache.Validate(), Is.Zero);
    }

    [Test]
    public void A_constructor_that_throws_leaves_a_free_object_that_is_whole()
    {
        var throws = true;
        var cache = Pool.CreateByteCache(
            "throws",
            Size,
            new SlabCacheOptions { Debug = SlabDebugOptions.All, Discipline = Discipline },
            constructor: bytes =>
            {
                bytes.Fill(3);
                if (throws)
                    throw new InvalidDataException();
            });
        Assert.Throws<InvalidDataException>(() => cache.Rent());
        Assert.That(cache.Validate(), Is.Zero);
        throws = false;
        cache.Return(cache.Rent());
        cache.Dispose();
        Assert.That(Violations, Is.Empty);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void The_smallest_objects_are_poisoned_too(int sizeBytes)
    {
        var cache = Pool.CreateByteCache("small", sizeBytes, new SlabCacheOptions { Debug = SlabDebugOptions.Poison, Discipline = Discipline });
        var handle = cache.Rent();
        cache.Return(handle);
        Assert.That(cache.Validate(), Is.Zero);
        Scribble(cache, handle, 0);
        Assert.That(cache.Validate(), Is.EqualTo(1));
    }

    private static unsafe byte[] Content(SlabCache cache, SlabHandle handle) => new Span<byte>((void*)cache.AddressOf(handle.Index), Size).ToArray();
}
