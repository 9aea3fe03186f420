extern alias instrumented;

using FolioRuntime.Tests.Schedules;
using instrumented::FolioRuntime.Primitives;
using instrumented::FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>
/// The shipping SlabCache, driven through the exact schedules that broke other designs: two types that share one page, and a
/// thread that stands still at the worst moment.
/// </summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabSchedulesTests(int generationBits)
{
    private OnePage _page = null!;
    private Stage _stage = null!;

    private Puppet First => _stage[0];

    private Puppet Second => _stage[1];

    private Puppet Third => _stage[2];

    [SetUp]
    public void SetTheStage()
    {
        _page = new OnePage(generationBits);
        _stage = new Stage();
    }

    [TearDown]
    public void Clear()
    {
        _stage.Dispose();
        _page.Dispose();
    }

    [Test]
    public void Hazard01_a_put_stalled_before_its_CAS_destroys_nothing_once_the_page_has_another_type()
    {
        _page.CommitPage();
        var handle = AllocateOfX(First);

        // T1 put: 1 → 0, and stalls before its CAS.
        Assert.That(First.RunTo(SeamEvent.After(SeamOperation.Add, _page.WordAddress)), Is.True);
        Assert.That(_page.WordNow.References, Is.Zero);

        // T2 try-get: 0 → 1, still allowed; put: 1 → 0; its CAS wins, X's destructor runs, the page goes back.
        Second.Run(() => Assert.That(TryGet(_page.X, handle), Is.True));
        _page.RequireEnded(ofX: 1, ofY: 1);

        // T3 takes the page as Y, puts: 1 → 0, and is about to CAS.
        Hold(Third, _page.Y);
        Assert.That(Third.RunTo(SeamEvent.After(SeamOperation.Add, _page.WordAddress)), Is.True);
        Assert.That(_page.WordNow.IsLive && _page.WordNow.References == 0, Is.True);

        // T1 resumes. Untagged, this is where X's destructor ran on a Y.
        First.Finish();
        Assert.That(_page.WordNow.IsLive, Is.True, "Y lives on");
        Third.Finish();
        _page.RequireEnded(ofX: 1, ofY: 2);
    }

    [Test]
    public void Hazard02_two_putters_stalled_at_zero_destroy_once_and_nothing_of_the_next_life()
    {
        _page.CommitPage();
        var handle = AllocateOfX(First);
        First.RunTo(SeamEvent.After(SeamOperation.Add, _page.WordAddress));
        Second.Begin(() => TryGet(_page.X, handle));
        Second.RunTo(SeamEvent.Before(SeamOperation.CompareExchange, _page.WordAddress));
        Assert.That(_page.WordNow.IsLive && _page.WordNow.References == 0, Is.True, "both are at zero");

        First.Finish();
        _page.RequireEnded(ofX: 1, ofY: 1);
        Hold(Third, _page.Y);
        Second.Finish();
        Assert.That(_page.WordNow.References, Is.EqualTo(1));
        Third.Finish();
        _page.RequireEnded(ofX: 1, ofY: 2);
    }

    [Test]
    public void Hazard03_a_get_stalled_before_its_add_is_refused_by_the_next_life_of_the_same_and_of_another_type([Values] bool sameType)
    {
        _page.CommitPage();
        var stale = AllocateOfX(First);
        Second.Begin(() => Assert.That(TryGet(_page.X, stale), Is.False));
        Second.RunTo(SeamEvent.Before(SeamOperation.Add, _page.WordAddress));
        First.Finish();
        var before = _page.EndedX.Count;

        Hold(Third, sameType ? _page.X : _page.Y);
        Second.Finish();

        Assert.That(_page.WordNow.References, Is.EqualTo(1), "L4: the stranger's count is as before");
        Assert.That(_page.EndedX, Has.Count.EqualTo(before));
        Third.Finish();
        _page.RequireEnded(ofX: sameType ? 2 : 1, ofY: sameType ? 1 : 2);
    }

    [Test]
    public void Hazard04_a_mismatched_getter_that_becomes_the_last_holder_destroys_by_the_slabs_own_type()
    {
        _page.CommitPage();
        var stale = AllocateOfX(First);
        Second.Begin(() => Assert.That(TryGet(_page.X, stale), Is.False));
        Second.RunTo(SeamEvent.Before(SeamOperation.Add, _page.WordAddress));
        First.Finish();

        // The page is Y's now. The getter of X takes a reference on Y's object, and Y's own holder leaves.
        Hold(Third, _page.Y);
        Second.RunTo(SeamEvent.After(SeamOperation.Add, _page.WordAddress));
        Assert.That(_page.WordNow.References, Is.EqualTo(2));
        Third.Finish();
        Assert.That(_page.EndedY, Has.Count.EqualTo(1), "the getter holds it");

        Second.Finish();
        _page.RequireEnded(ofX: 1, ofY: 2);
        Assert.That(_page.X.Untyped.Statistics().StaleRejected, Is.EqualTo(1));
    }

    [Test]
    public void Hazard04_a_forged_handle_of_the_right_generation_and_another_cache_is_refused_and_puts_by_the_slabs_own_type()
    {
        _page.CommitPage();
        var ofX = AllocateOfX(First);
        Second.Begin(() => Assert.That(TryGet(_page.Y, ofX), Is.False));
        Second.RunTo(SeamEvent.After(SeamOperation.Add, _page.WordAddress));
        First.Finish();
        Assert.That(_page.EndedX, Is.Empty, "the getter holds X's object");

        Second.Finish();
        _page.RequireEnded(ofX: 1, ofY: 1);
    }

    [Test]
    public void Hazard06_a_get_that_failed_while_dead_leaves_nothing_to_the_next_allocation()
    {
        _page.CommitPage();
        var stale = AllocateOfX(First);
        First.Finish();

        // Fails on the dead word, and stands still before it could undo anything.
        Second.Begin(() => Assert.That(TryGet(_page.X, stale), Is.False));
        Second.RunTo(SeamEvent.After(SeamOperation.Add, _page.WordAddress));
        Assert.That(_page.WordNow.IsLive || _page.WordNow.IsOwned, Is.False, "L6");
        Hold(Third, _page.Y);
        Second.Finish();

        Assert.That(_page.WordNow.References, Is.EqualTo(1), "not undone on the word of another");
        Third.Finish();
        _page.RequireEnded(ofX: 1, ofY: 2);
    }

    [Test]
    public void Hazard12_a_stale_add_just_before_or_after_the_publishing_store_changes_no_count([Values] bool beforeTheStore)
    {
        _page.CommitPage();
        var stale = AllocateOfX(First);
        First.Finish();
        Third.Begin(() => HoldAndPut(_page.Y));
        Third.RunTo(beforeTheStore
            ? SeamEvent.Before(SeamOperation.StoreRelease, _page.WordAddress)
            : SeamEvent.After(SeamOperation.StoreRelease, _page.WordAddress));

        Second.Run(() => Assert.That(TryGet(_page.X, stale), Is.False));
        Third.RunToPause();
        Assert.That(_page.WordNow.References, Is.EqualTo(1));
        Third.Finish();
        _page.RequireEnded(ofX: 1, ofY: 2);
    }

    [Test]
    public void Hazard13_an_object_is_got_only_after_its_constructor_has_run()
    {
        using var page = new OnePage(generationBits, constructing: () => (Puppet.OfThisThread is null ? (Action)(() => { }) : Puppet.Pause)());
        page.CommitPage();

        // The generation that will be issued next can be known: only the store that publishes lets it in.
        var next = new SlabHandle<long>(((ulong)page.WordNow.Generation << 32) | 0);
        First.Begin(() => HoldAndPut(page.X));
        First.RunToPause();
        Second.Run(() => Assert.That(TryGet(page.X, next), Is.False, "constructed, not published"));
        Assert.That(First.RunTo(SeamEvent.Before(SeamOperation.StoreRelease, page.WordAddress)), Is.True);
        Second.Run(() => Assert.That(TryGet(page.X, next), Is.False, "the store is still to come"));

        First.RunToPause();
        Second.Run(() =>
        {
            Assert.That(page.X.TryGet(next, out var reference), Is.True);
            Assert.That(reference.Value, Is.EqualTo(OnePage.OfX), "L7");
            reference.Dispose();
        });
        First.Finish();
        page.RequireEnded(ofX: 1, ofY: 1);
    }

    [Test]
    public void Hazard14_the_type_is_checked_under_the_reference_so_the_page_cannot_change_hands_between()
    {
        _page.CommitPage();
        var handle = AllocateOfX(First);
        Second.Begin(() =>
        {
            Assert.That(_page.X.TryGet(handle, out var reference), Is.True);
            Assert.That(reference.Value, Is.EqualTo(OnePage.OfX));
            reference.Dispose();
        });
        Second.RunTo(SeamEvent.After(SeamOperation.Add, _page.WordAddress));

        // Between its add and its look at the page's type: the owner leaves, and Y asks for the page.
        First.Finish();
        Third.Run(() => Assert.That(_page.Y.TryAllocate(out _), Is.False, "L2: the page is held"));
        Second.Finish();
        _page.RequireEnded(ofX: 1, ofY: 1);
    }

    [Test]
    public void A_get_between_the_slabs_release_and_its_retyping_finds_a_dead_word()
    {
        _page.CommitPage();
        var stale = AllocateOfX(First);
        First.RunTo(SeamEvent.After(SeamOperation.CompareExchange, _page.WordAddress));
        Second.Run(() => Assert.That(TryGet(_page.X, stale), Is.False, "ended, not yet released"));
        First.Finish();
        Second.Run(() => Assert.That(TryGet(_page.X, stale) || TryGet(_page.Y, stale), Is.False, "released"));

        Third.Begin(() => HoldAndPut(_page.Y));
        Third.RunTo(SeamEvent.Before(SeamOperation.StoreRelease, _page.WordAddress));
        Second.Run(() => Assert.That(TryGet(_page.X, stale) || TryGet(_page.Y, stale), Is.False, "retyped, not yet published"));
        Third.Finish();
        _page.RequireEnded(ofX: 1, ofY: 2);
    }

    [Test]
    public void Hazard23_a_single_owners_rent_and_return_cost_at_most_one_atomic_and_no_latch_and_a_get_costs_one([Values] bool exclusive)
    {
        var cache = _page.Runtime.CreateCache<long>("owned", new SlabCacheOptions
        {
            Discipline = exclusive ? SlabDiscipline.Exclusive : SlabDiscipline.Shared,
        });
        var counted = new List<SeamOperation>();
        bool Count(SeamEvent seen)
        {
            if (seen.IsBefore)
                counted.Add(seen.Operation);
            return false;
        }

        First.Begin(() =>
        {
            cache.Return(cache.Rent());
            var handle = cache.Rent();
            cache.Return(handle);
            Puppet.Pause();
            cache.Return(cache.Rent());
            Puppet.Pause();
            if (exclusive)
                return;
            using var reference = cache.Allocate();
            Puppet.Pause();
            cache.TryGet(reference.Handle, out var further);
            Puppet.Pause();
            further.Dispose();
        });
        First.RunToPause();
        First.RunTo(Count);
        Assert.That(counted.Where(IsShared), Is.EqualTo(exclusive ? [] : new[] { SeamOperation.CompareExchange }), "rent and return");

        if (!exclusive)
        {
            First.RunToPause();
            counted.Clear();
            First.RunTo(Count);
            Assert.That(counted.Where(IsShared), Is.EqualTo(new[] { SeamOperation.Add }), "get");
        }

        First.Finish();

        static bool IsShared(SeamOperation operation) => operation is not (SeamOperation.LoadAcquire or SeamOperation.StoreRelease);
    }

    /// <summary>The puppet allocates an X and pauses before it puts it.</summary>
    private SlabHandle<long> AllocateOfX(Puppet puppet)
    {
        var handle = default(SlabHandle<long>);
        puppet.Begin(() => HoldAndPut(_page.X, made => handle = made));
        puppet.RunToPause();
        return handle;
    }

    private static void Hold(Puppet puppet, SlabCache<long> cache)
    {
        puppet.Begin(() => HoldAndPut(cache));
        puppet.RunToPause();
    }

    private static void HoldAndPut(SlabCache<long> cache, Action<SlabHandle<long>>? made = null)
    {
        using var reference = cache.Allocate();
        made?.Invoke(reference.Handle);
        Puppet.Pause();
    }

    private static bool TryGet(SlabCache<long> cache, SlabHandle<long> handle)
    {
        if (!cache.TryGet(handle, out var reference))
            return false;
        reference.Dispose();
        return true;
    }
}
