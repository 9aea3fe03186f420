using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>A runtime whose generations are spent, in the few bits of a test: what it still does, and what it says when it can't.</summary>
[TestFixture(2)]
[TestFixture(3)]
public sealed class SpentGenerationsTests(int generationBits) : RuntimeFixture(generationBits)
{
    protected override PoolRuntimeOptions Options => base.Options with { CapacityBytes = 1 << 20, ReservationBytes = 1 << 20, MaxOrder = 6 };

    [Test]
    public void Pages_spent_for_folios_still_serve_slabs_and_the_error_says_so()
    {
        var error = ExhaustFolios();
        Assert.That(error, Does.Contain("in use 0 B, free 1 MiB"));
        Assert.That(error, Does.Contain("Of what is free, 1 MiB can't begin a folio any more"));
        using var cache = Pool.CreateByteCache("after", 64, Uncached);
        cache.Return(cache.Rent());
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Pages_spent_for_slabs_still_serve_folios_and_the_error_says_so()
    {
        using var cache = Pool.CreateByteCache("first", 4096, Uncached with { SlabOrder = 0 });
        Assert.That(ExhaustSlabs(cache), Does.Contain("can't begin a slab any more"));
        Pool.Folios.Return(Pool.Folios.Rent(new PageOrder(0)));
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Pages_spent_for_both_are_retired_and_the_error_says_so()
    {
        using var cache = Pool.CreateByteCache("first", 4096, Uncached with { SlabOrder = 0 });
        ExhaustSlabs(cache);
        Assert.That(ExhaustFolios(), Does.Contain("in use 0 B, free 0 B (largest block none), retired 1 MiB."));
        Assert.That(ExhaustSlabs(cache), Does.Contain("No object of cache 'first' is left").And.Contain("retired 1 MiB."));
    }

    private string ExhaustFolios()
    {
        // Ends: generations are finite.
        try
        {
            while (true)
                Pool.Folios.Return(Pool.Folios.Rent(new PageOrder(0)));
        }
        catch (OutOfMemoryException exception)
        {
            return exception.Message;
        }
    }

    private static string ExhaustSlabs(SlabCache cache)
    {
        // Ends: generations are finite.
        try
        {
            while (true)
                cache.Return(cache.Rent());
        }
        catch (OutOfMemoryException exception)
        {
            return exception.Message;
        }
    }
}
