using System.Runtime.CompilerServices;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using FolioRuntime.Tests.Reclaiming;
using NUnit.Framework;

namespace FolioRuntime.Tests.Diagnostics;

/// <summary>A runtime all of whose rents are watched, whose clock is the tests', and ways to lose things in it.</summary>
public abstract class LeakFixture(int generationBits) : ReclaimFixture(generationBits)
{
    protected const string Tag = "checkout";

    private protected static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    protected override PoolRuntimeOptions Options =>
        base.Options with { CacheDefaults = new SlabCacheOptions { LeakSampleInterval = 1, LeakAgeLimit = s_limit, LeakTag = Tag } };

    /// <summary>Its name must be found in stacks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    protected static SlabHandle<long> RentHere(SlabCache<long> cache)
    {
        var handle = cache.Rent();

        // Something after the call, so that this method's frame is still there during it.
        GC.KeepAlive(cache);
        return handle;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    protected static void LoseBlock(SlabMemoryPool pool) => pool.Rent().Memory.Span[0] = 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    protected static void LoseItem<T>(SlabObjectPool<T> pool)
        where T : class => GC.KeepAlive(pool.Get());

    [MethodImpl(MethodImplOptions.NoInlining)]
    protected static void LoseFolio(PoolRuntime runtime) => GC.KeepAlive(runtime.Folios.AllocateOwner(new PageOrder(0)));

    protected static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>One report of a leak, with all that a person needs; the stack begins with the method named.</summary>
    private protected void RequireLeak(LeakReason reason, string subject, string typeName, string method)
    {
        var violation = Violations.Single();
        var leak = violation.Leak!;
        Assert.That((violation.Kind, violation.Subject, violation.TypeName), Is.EqualTo((ViolationKind.Leak, subject, typeName)));
        Assert.That((leak.Reason, leak.Subject, leak.TypeName, leak.Tag), Is.EqualTo((reason, subject, typeName, Tag)));
        Assert.That((leak.Index, leak.Generation), Is.EqualTo((violation.Index, violation.Generation)));
        Assert.That(leak.RentedBy.Stack.Split('\n')[0], Does.EndWith(method));
        Assert.That(violation.ToString(), Does.StartWith($"Leak: {subject} ({typeName}), tag '{Tag}', slot {leak.Index}, generation {leak.Generation}: out for "));
        Assert.That(violation.ToString(), Does.Contain($"last rented {leak.RentedBy}"));
        Assert.That(Pool.FindLeaks().Leaks.Select(found => (found.Reason, found.Subject, found.Index, found.Generation)), Is.EqualTo(new[] { (reason, subject, leak.Index, leak.Generation) }));
    }
}
