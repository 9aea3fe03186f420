extern alias instrumented;

using System.Runtime.CompilerServices;
using FolioRuntime.Tests.Schedules;
using instrumented::FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

/// <summary>
/// The biased latch and the stacks behind it, stopped between any two of their plain stores and loads. What the schedules can't
/// show, that the barrier stands for the owner's missing fence, is left to ThreadStackSetTests with real threads.
/// </summary>
public sealed unsafe class BiasedLatchTests
{
    [Test]
    public void Hazard27_wherever_the_owner_stands_when_it_is_shut_out_owner_and_revoker_are_never_both_inside()
    {
        // The owner's accesses: store active, load revoked, (inside,) store active.
        for (var place = 1; place <= 4; place++)
        {
            using var stage = new Stage();
            var site = new Site();
            var left = place;
            stage[0].Begin(site.Own);
            stage[0].RunTo(seen => seen.IsBefore && --left == 0);
            stage[1].Begin(() => site.Revoke(stage[0].Thread));

            // The revoker either gets in, or waits for the owner to leave.
            if (stage[1].RunTo(seen => seen is { IsBefore: true, Operation: SeamOperation.Spin }))
            {
                Assert.That(site.RevokerWasInside, Is.False, $"place {place}");
                stage[0].Finish();
            }

            stage[1].Finish();
            stage[0].Finish();
            Assert.That(site.RevokerWasInside, Is.True);
            Assert.That(site.BothInside, Is.False, $"place {place}");
        }
    }

    [Test]
    public void Hazard27_wherever_the_revoker_stands_the_owner_gets_in_or_is_refused_and_never_joins_it()
    {
        for (var place = 1; place <= 5; place++)
        {
            using var stage = new Stage();
            var site = new Site();
            var left = place;
            stage[1].Begin(() => site.Revoke(stage[0].Thread));
            stage[1].RunTo(seen => seen.IsBefore && --left == 0);
            stage[0].Run(site.Own);
            stage[1].Finish();
            Assert.That(site.BothInside, Is.False, $"place {place}");
            Assert.That(site.OwnerWasRefused, Is.EqualTo(place is > 1 and <= 4), $"place {place}");
            stage[0].Run(site.Own);
            Assert.That(site.OwnerWasInside, Is.True, "let in again");
        }
    }

    [Test]
    public void A_revoker_doesnt_wait_for_an_owner_that_ended_inside()
    {
        var site = new Site();
        var owner = new Thread(() => BiasedLatch.TryEnterAsOwner(site.Latch));
        owner.Start();
        owner.Join();
        site.Revoke(owner);
        Assert.That(site.RevokerWasInside, Is.True);
    }

    private sealed class Site
    {
        private readonly BiasedLatch[] _latches = GC.AllocateArray<BiasedLatch>(1, pinned: true);

        // SAFETY: pinned, and kept by the site.
        public BiasedLatch* Latch => (BiasedLatch*)Unsafe.AsPointer(ref _latches[0]);

        private bool _ownerInside;
        private bool _revokerInside;

        public bool OwnerWasInside { get; private set; }

        public bool OwnerWasRefused { get; private set; }

        public bool RevokerWasInside { get; private set; }

        public bool BothInside { get; private set; }

        public void Own()
        {
            if (!BiasedLatch.TryEnterAsOwner(Latch))
            {
                OwnerWasRefused = true;
                return;
            }

            OwnerWasInside = true;
            _ownerInside = true;
            BothInside |= _revokerInside;
            BiasedLatch.LeaveAsOwner(Latch);
            _ownerInside = false;
        }

        public void Revoke(Thread owner)
        {
            Latch->AnnounceRevocation();
            Atomics.ProcessWideBarrier();
            Latch->WaitForOwner(owner);
            RevokerWasInside = true;
            _revokerInside = true;
            BothInside |= _ownerInside;
            Latch->Restore();
            _revokerInside = false;
        }
    }
}
