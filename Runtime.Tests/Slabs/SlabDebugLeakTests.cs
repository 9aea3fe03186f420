using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Objects that are out when their cache is disposed.</summary>
[TestFixture(32, SlabDiscipline.Shared, MemoryBacking.Native)]
[TestFixture(3, SlabDiscipline.Exclusive, MemoryBacking.Native)]
[TestFixture(32, SlabDiscipline.Exclusive, MemoryBacking.PinnedArrays)]
public sealed class SlabDebugLeakTests(int generationBits, SlabDiscipline discipline, MemoryBacking backing)
    : SlabDebugFixture(generationBits, discipline, backing)
{
    [Test]
    public void A_leak_at_the_end_of_a_cache_names_each_object_and_who_rented_it()
    {
        var cache = Create(SlabDebugOptions.All);
        var first = RentAgain(cache);
        var returned = RentHere(cache);
        var second = RentHere(cache);
        ReturnHere(cache, returned);

        cache.Dispose();

        var violation = Violations.Single();
        Assert.That((violation.Kind, violation.Subject, violation.TypeName), Is.EqualTo((ViolationKind.OutstandingAtDispose, "damaged", "64 bytes")));
        RequireNamed(violation, cache, first);
        Assert.That(violation.Outstanding.Select(left => (left.Index, left.Generation)), Is.EqualTo(new[] { (first.Index, first.Generation), (second.Index, second.Generation) }));
        Assert.That(violation.Outstanding.Select(left => left.RentedBy.Stack.Split('\n')[0]), Has.All.EndsWith(nameof(RentHere)));
        Assert.That(violation.Outstanding[0].ReturnedBy!.Stack.Split('\n')[0], Does.EndWith(nameof(ReturnHere)), "the one before it in its slot");
        Assert.That(violation.Outstanding[0].ReturnedBy!.Generation, Is.EqualTo(first.Generation - 1));
        Assert.That(violation.Outstanding[1].ReturnedBy, Is.Null, "nothing was in its slot before");
        Assert.That(violation.ToString(), Does.Contain($"{violation.Outstanding[0].RentedBy}\nand last returned by thread {Environment.CurrentManagedThreadId} in generation {first.Generation - 1}:\n   at "));
        Assert.That(violation.ToString(), Does.Contain("2 objects were out").And.Contain($"slot {second.Index} was rented by thread {Environment.CurrentManagedThreadId} in generation {second.Generation}:\n   at "));
        Assert.That(violation.ToString(), Does.EndWith($"{violation.Outstanding[1].RentedBy}\nand no return is recorded"));
        using var other = Create(SlabDebugOptions.All, "other");
        var theirs = RentHere(other);
        cache.ReturnMany([first, second]);
        other.Return(theirs);
        RequireAllGoesOn(other);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero, "late returns are as good as ever");
    }

    [Test]
    public void A_list_of_leaks_is_bounded_and_their_number_is_not()
    {
        var cache = Create(SlabDebugOptions.Stacks);
        var handles = new SlabHandle[100];
        cache.TryRentMany(handles);
        cache.Dispose();
        Assert.That(Violations.Single().Outstanding, Has.Count.EqualTo(16));
        Assert.That(Violations[0].ToString(), Does.Contain("100 objects"));
        cache.ReturnMany(handles);
    }

    [Test]
    public void An_object_that_only_references_hold_is_a_leak_too()
    {
        var cache = CreateShared(SlabDebugOptions.Stacks);
        var handle = RentHere(cache);
        Assert.That(cache.TryGet(handle, out var held), Is.True);
        ReturnHere(cache, handle);
        var reference = cache.Allocate();
        cache.Dispose();
        RequireNamed(Violations.Single(), cache, handle);
        var left = Violations[0].Outstanding;
        Assert.That(left.Select(left => (left.Index, left.Generation)), Is.EqualTo(new[] { (handle.Index, handle.Generation), (reference.Handle.Index, reference.Handle.Generation) }));
        Assert.That(left[0].RentedBy.Stack.Split('\n')[0], Does.EndWith(nameof(RentHere)));
        Assert.That(left[0].ReturnedBy!.Stack.Split('\n')[0], Does.EndWith(nameof(ReturnHere)));
        Assert.That(left[0].ReturnedBy!.Generation, Is.EqualTo(handle.Generation), "its owner returned it, others hold it");
        Assert.That(left[1].RentedBy.Stack.Split('\n')[0], Does.EndWith(nameof(An_object_that_only_references_hold_is_a_leak_too)));
        held.Dispose();
        reference.Dispose();
        using var other = Create(SlabDebugOptions.All, "other");
        RequireAllGoesOn(other);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Without_stacks_a_leak_is_a_number([Values(SlabDebugOptions.None, SlabDebugOptions.All & ~SlabDebugOptions.Stacks)] SlabDebugOptions debug)
    {
        var cache = Create(debug);
        var handle = cache.Rent();
        cache.Dispose();
        Assert.That(Violations.Single().Outstanding, Is.Empty);
        Assert.That(Violations[0].ToString(), Is.EqualTo("OutstandingAtDispose: damaged (64 bytes), slot 0, generation 0: 1 objects were out when the cache was disposed"));
        cache.Return(handle);
    }
}
