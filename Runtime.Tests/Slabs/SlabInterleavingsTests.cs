extern alias instrumented;

using FolioRuntime.Tests.Schedules;
using instrumented::FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>
/// The shipping SlabCache in every order in which a few threads' changes of one lifetime word can follow each other
/// (<see cref="Interleavings"/>): exhaustive for these scenes, under sequential consistency.
/// </summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabInterleavingsTests(int generationBits)
{
    [Test]
    public void Hazard02_parallel_puts_without_a_speculative_get_destroy_once_in_every_order()
    {
        var schedules = Interleavings.Explore(() =>
        {
            var scene = new SlabScene(generationBits);
            return scene.Play([scene.AllocateAndPut, scene.HoldAndPut, scene.HoldAndPut], [], () => scene.Page.RequireEnded(ofX: 1, ofY: 0));
        });
        Assert.That(schedules, Is.GreaterThan(5));
    }

    [Test]
    public void Hazard01_put_and_lookup_and_reallocation_as_another_type_destroy_each_once_in_every_order()
    {
        var reused = 0;
        var schedules = Interleavings.Explore(() =>
        {
            var scene = new SlabScene(generationBits);
            var allocated = 0;
            void Reallocate()
            {
                Puppet.Pause();
                if (!scene.Page.Y.TryAllocate(out var reference))
                    return;
                allocated++;
                Assert.That(reference.Value, Is.EqualTo(OnePage.OfY));
                reference.Dispose();
            }

            return scene.Play([scene.AllocateAndPut, scene.LookUp, scene.LookUp], [Reallocate], () =>
            {
                reused += allocated;
                scene.Page.RequireEnded(ofX: 1, ofY: allocated);
            });
        });
        Assert.That(schedules, Is.GreaterThan(200));
        Assert.That(reused, Is.GreaterThan(10), "schedules in which the page changed its type under the look-up");
    }

    [Test]
    public void Return_against_put_against_lookup_ends_the_object_once_in_every_order()
    {
        Interleavings.Explore(() =>
        {
            var scene = new SlabScene(generationBits);
            return scene.Play([scene.RentAndReturn, scene.HoldAndPut, scene.LookUp], [], () =>
            {
                Assert.That(scene.Returned, Is.EqualTo(1));
                scene.Page.RequireEnded(ofX: 1, ofY: 0);
            });
        });
    }

    [Test]
    public void Hazard30_of_racing_returns_exactly_one_succeeds_in_every_order([Values] SlabDiscipline discipline)
    {
        Interleavings.Explore(() =>
        {
            var scene = new SlabScene(generationBits, discipline);
            return scene.Play([scene.RentAndReturn, scene.Return, scene.Return], [], () =>
            {
                Assert.That(scene.Returned, Is.EqualTo(1));
                Assert.That(scene.Page.Violations, Has.Count.EqualTo(2), "the two others are reported");
                scene.Page.RequireEnded(ofX: 1, ofY: 0);
            });
        });
    }

    [Test]
    public void Racing_returns_and_the_slots_next_rent_put_nothing_into_circulation_twice_in_every_order([Values] SlabDiscipline discipline)
    {
        Interleavings.Explore(() =>
        {
            var scene = new SlabScene(generationBits, discipline);
            var next = new List<SlabHandle<long>>();
            void RentTwice()
            {
                Puppet.Pause();
                next.Add(scene.Page.X.Rent());
                next.Add(scene.Page.X.Rent());
            }

            return scene.Play([scene.RentAndReturn, scene.Return], [RentTwice], () =>
            {
                Assert.That(scene.Returned, Is.EqualTo(1));
                Assert.That(next, Is.Unique);
                foreach (var rented in next)
                    Assert.That(scene.Page.X.TryReturn(rented), Is.True, "the next rents are untouched");
                scene.Page.RequireEnded(ofX: 3, ofY: 0);
            });
        });
    }

    [Test]
    public void Racing_returns_never_consume_a_reference_in_any_order()
    {
        Interleavings.Explore(() =>
        {
            var scene = new SlabScene(generationBits);
            void HoldAndLook()
            {
                Assert.That(scene.Page.X.TryGet(scene.Handle, out var reference), Is.True);
                Puppet.Pause();
                Assert.That(scene.Page.EndedX, Is.Empty, "L2");
                Assert.That(reference.Value, Is.EqualTo(OnePage.OfX), "L2");
                reference.Dispose();
            }

            return scene.Play([scene.RentAndReturn, scene.Return], [HoldAndLook], () =>
            {
                Assert.That(scene.Returned, Is.EqualTo(1));
                scene.Page.RequireEnded(ofX: 1, ofY: 0);
            });
        });
    }

    [Test]
    public void Hazard04_lookups_through_the_wrong_cache_harm_nobody_in_any_order()
    {
        Interleavings.Explore(() =>
        {
            var scene = new SlabScene(generationBits);
            void LookUpInY()
            {
                Puppet.Pause();
                Assert.That(scene.Page.Y.TryGet(scene.Handle, out _), Is.False);
            }

            return scene.Play([scene.AllocateAndPut, LookUpInY, LookUpInY], [], () => scene.Page.RequireEnded(ofX: 1, ofY: 0));
        });
    }

    [Test]
    public void Stale_lookups_never_touch_an_exclusive_object_in_any_order()
    {
        Interleavings.Explore(() =>
        {
            var scene = new SlabScene(generationBits, SlabDiscipline.Exclusive);
            var page = scene.Page;
            var old = page.Y.Allocate();
            var stale = old.Handle;
            old.Dispose();
            void Poll()
            {
                Puppet.Pause();
                Assert.That(page.Y.TryGet(stale, out _), Is.False);
            }

            void RentAndReturnTwice()
            {
                Puppet.Pause();
                for (var i = 0; i < 2; i++)
                {
                    var rented = page.X.Rent();
                    Assert.That(page.X.ValueOf(rented), Is.EqualTo(OnePage.OfX));
                    page.X.Return(rented);
                }
            }

            return scene.Play([Poll, Poll], [RentAndReturnTwice], () => page.RequireEnded(ofX: 2, ofY: 1));
        });
    }
}
