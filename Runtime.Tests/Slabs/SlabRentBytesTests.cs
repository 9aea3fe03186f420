using System.Runtime.CompilerServices;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>The memory that comes with a rented handle is the handle's, however the slot came.</summary>
[TestFixture]
public sealed class SlabRentBytesTests() : RuntimeFixture(generationBits: 32)
{
    private static IEnumerable<SlabCacheOptions> Kinds =>
    [
        new(),
        new() { Discipline = SlabDiscipline.Exclusive },
        new() { ThreadCacheCapacity = 0 },
        new() { ZeroOnAllocate = true },
        new() { GuardSampleInterval = 1 },
    ];

    [TestCaseSource(nameof(Kinds))]
    public void It_is_what_is_found_by_the_handle(SlabCacheOptions options)
    {
        var cache = Pool.CreateByteCache("bytes", 100, options);
        for (var round = 0; round < 3; round++)
        {
            var handles = new SlabHandle[200];
            for (var i = 0; i < handles.Length; i++)
            {
                handles[i] = cache.Rent(out var bytes);
                var found = cache.BytesOf(handles[i]);
                Assert.That((Unsafe.AreSame(ref bytes[0], ref found[0]), bytes.Length), Is.EqualTo((true, 100)));
                Assert.That(!options.ZeroOnAllocate || !bytes.ContainsAnyExcept((byte)0), Is.True, "zeros");
                bytes.Fill((byte)i);
            }

            cache.ReturnMany(handles);
        }
    }

    [Test]
    public void Without_memory_and_after_the_end_it_throws_as_a_rent_does()
    {
        var cache = Pool.CreateByteCache("bytes", 1 << 20);
        Assert.Throws<OutOfMemoryException>(() =>
        {
            while (true)
                cache.Rent(out _);
        });
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cache.Rent(out _));
    }
}
