using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

public sealed class MagazineDepotTests
{
    [Test]
    public void What_is_stowed_last_is_taken_first_and_whole()
    {
        var depot = new MagazineDepot(magazines: 2, room: 3);
        Assert.That(Stow(depot, 1, 2, 3) && Stow(depot, 4), Is.True);
        Assert.That(Stow(depot, 5), Is.False, "no magazine is empty");
        Assert.That(depot.Count, Is.EqualTo(4));

        Assert.That(Take(depot, 3), Is.EqualTo(new uint[] { 4 }));
        Assert.That(Stow(depot, 5), Is.True);
        Assert.That(Take(depot, 3), Is.EqualTo(new uint[] { 5 }));
        Assert.That(Take(depot, 3), Is.EqualTo(new uint[] { 1, 2, 3 }));
        Assert.That(Take(depot, 3), Is.Empty);
        Assert.That(depot.Count, Is.Zero);
    }

    [Test]
    public void A_closed_depot_keeps_nothing()
    {
        var depot = new MagazineDepot(2, 1);
        var given = new List<uint>();
        Stow(depot, 1);
        depot.Close(items => given.AddRange(items.ToArray()));
        Assert.That(given, Is.EqualTo(new uint[] { 1 }));

        Assert.That(depot.TryStow([2], items => given.AddRange(items.ToArray())), Is.True);
        Assert.That(given, Is.EqualTo(new uint[] { 1, 2 }));
        Assert.That(depot.Count, Is.Zero);
    }

    [Test]
    public void Only_magazines_that_nobody_needed_since_the_last_look_are_idle()
    {
        var depot = new MagazineDepot(4, 1);
        var given = new List<uint>();
        Stow(depot, 1);
        Stow(depot, 2);
        Stow(depot, 3);
        depot.DrainIdle(Sink);
        Assert.That(given, Is.Empty, "the first look begins an interval");
        Take(depot, 1);
        Take(depot, 1);
        Stow(depot, 4);
        depot.DrainIdle(Sink);
        Assert.That(given, Is.EqualTo(new uint[] { 4 }), "one was there at every moment");
        depot.DrainIdle(Sink);
        Assert.That(given, Is.EqualTo(new uint[] { 4, 1 }));
        depot.DrainIdle(Sink);
        Assert.That(depot.Count, Is.Zero);

        void Sink(ReadOnlySpan<uint> items) => given.AddRange(items.ToArray());
    }

    [Test]
    public void A_sink_that_throws_has_taken_nothing()
    {
        var depot = new MagazineDepot(1, 2);
        Stow(depot, 1, 2);
        Assert.Throws<InvalidTimeZoneException>(() => depot.Drain(_ => throw new InvalidTimeZoneException()));
        Assert.That(depot.Count, Is.EqualTo(2));
        Assert.That(Take(depot, 2), Is.EqualTo(new uint[] { 1, 2 }));
    }

    [Test]
    public void A_batch_that_doesnt_fit_and_wrong_sizes_are_refused()
    {
        var depot = new MagazineDepot(1, 1);
        Assert.Throws<InvariantViolatedException>(() => Stow(depot, 1, 2));
        Assert.Throws<InvariantViolatedException>(() => Take(depot, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new MagazineDepot(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new MagazineDepot(MagazineList.Limit + 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new MagazineDepot(1, 0));
        Assert.That(Stow(depot, 1), Is.True);
    }

    [Test]
    public void A_list_of_as_many_magazines_as_can_be_numbered()
    {
        var depot = new MagazineDepot(MagazineList.Limit, 1);
        for (var item = 1u; item <= MagazineList.Limit; item++)
            Assert.That(Stow(depot, item), Is.True);
        for (var item = (uint)MagazineList.Limit; item >= 1; item--)
            Assert.That(Take(depot, 1), Is.EqualTo(new[] { item }));
    }

    // Pops grow and nothing else does, however often the list was empty; the last of them wraps to none.
    [Test]
    public void Hazard24_a_head_that_was_popped_and_pushed_back_is_another_one()
    {
        var before = default(MagazineList).Pushed(7).Pushed(3);
        var after = before.Popped(7).Popped(-1).Pushed(7).Pushed(3);
        Assert.That((after.Top, after.Length), Is.EqualTo((before.Top, before.Length)));
        Assert.That(after, Is.Not.EqualTo(before));
        Assert.That(before.Popped(7).Popped(-1), Is.Not.EqualTo(default(MagazineList)), "also when it is empty");

        var last = new MagazineList(ulong.MaxValue << 24).Pushed(0);
        Assert.That(last.Popped(-1).Bits, Is.Zero, "and only the bits of the pops carry");
    }

    [Test]
    public void Items_of_many_threads_are_each_with_one_of_them([Values(1, 2)] int magazines)
    {
        const int Threads = 4;
        const int Rounds = 20_000;
        var depot = new MagazineDepot(magazines, room: 2);
        var holders = new int[(2 * magazines) + 1];
        for (var item = 1u; item < 2 * magazines; item += 2)
            Stow(depot, item, item + 1);
        var wrong = 0;
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var taken = Take(depot, 2);
                foreach (var item in taken)
                {
                    if (Interlocked.Increment(ref holders[item]) != 1)
                        Interlocked.Increment(ref wrong);
                }

                foreach (var item in taken)
                    Interlocked.Decrement(ref holders[item]);
                while (taken.Length > 0 && !Stow(depot, taken))
                {
                    // Ends: another thread stands between two lists with an empty magazine, and goes on.
                    Thread.Yield();
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.That(wrong, Is.Zero);
        Assert.That(depot.Count, Is.EqualTo(2 * magazines));
        var left = Enumerable.Range(0, magazines).SelectMany(_ => Take(depot, 2));
        Assert.That(left.Order(), Is.EqualTo(Enumerable.Range(1, 2 * magazines).Select(item => (uint)item)));
    }

    private static bool Stow(MagazineDepot depot, params uint[] items) =>
        depot.TryStow(items, static _ => throw new InvalidOperationException("The depot is not closed."));

    private static uint[] Take(MagazineDepot depot, int room)
    {
        var destination = new uint[room];
        return destination[..depot.Take(destination)];
    }
}
