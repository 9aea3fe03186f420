using FolioRuntime.PageCaching.Stores;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching.Stores;

/// <summary>Faults happen where they were asked for, and nowhere else.</summary>
[TestFixture]
public sealed class FaultInjectingStoreTests : StoreFixture
{
    [Test]
    public void The_third_write_fails_and_does_nothing()
    {
        using var store = Of(1, new PageStoreFaultRule(PageStoreOperations.Write, PageStoreFault.Fail) { At = 3 });
        store.Write(Pages(1, 0).Span, 0);
        store.Write(Pages(1, 1).Span, PageBytes);
        Assert.That(() => store.Write(Pages(1, 2).Span, 0), Throws.TypeOf<InjectedFaultException>().With.Message.EqualTo("A write at 0 was made to fail."));
        store.Write(Pages(1, 3).Span, PageBytes);
        RequirePages(store, 0, 3);
        Assert.That(store.Faults, Is.EqualTo(1));
    }

    [Test]
    public void A_shortened_transfer_does_a_part_and_throws()
    {
        using var store = Of(3, new PageStoreFaultRule(PageStoreOperations.Read | PageStoreOperations.Write, PageStoreFault.Shorten) { Rate = 1 });
        var written = Pages(8, 1);
        Assert.That(() => store.Write(written.Span, 0), Throws.TypeOf<InjectedFaultException>());
        Assert.That(store.LengthBytes, Is.LessThanOrEqualTo(written.Length));
        Assert.That(() => store.Read(Room(1).Span, 0), Throws.TypeOf<InjectedFaultException>());
        store.Heal();
        var read = Room(8);
        var length = store.Read(read.Span, 0);
        Assert.That(read.Span[..length].SequenceEqual(written.Span[..length]), Is.True);
    }

    [Test]
    public void A_torn_write_tells_nobody_and_leaves_whole_sectors_of_both()
    {
        using var store = Of(7, new PageStoreFaultRule(PageStoreOperations.Write, PageStoreFault.Tear) { At = 2 });
        var (before, after) = (Pages(1, 1), Pages(1, 2));
        store.Write(before.Span, 0);
        store.Write(after.Span, 0);
        var read = Room(1);
        store.Read(read.Span, 0);
        var old = 0;
        for (var sector = 0; sector < PageBytes; sector += 512)
        {
            var isOld = read.Span.Slice(sector, 512).SequenceEqual(before.Span.Slice(sector, 512));
            Assert.That(isOld || read.Span.Slice(sector, 512).SequenceEqual(after.Span.Slice(sector, 512)), Is.True);
            old += isOld ? 1 : 0;
        }

        Assert.That(old, Is.InRange(1, 8));
    }

    [Test]
    public void A_torn_read_has_one_bit_wrong()
    {
        using var store = Of(9, new PageStoreFaultRule(PageStoreOperations.Read, PageStoreFault.Tear) { At = 1 });
        var page = Pages(1, 1);
        store.Write(page.Span, 0);
        var read = Room(1);
        Assert.That(store.Read(read.Span, 0), Is.EqualTo(PageBytes));
        var bits = 0;
        for (var i = 0; i < PageBytes; i++)
            bits += System.Numerics.BitOperations.PopCount((uint)(read.Span[i] ^ page.Span[i]));
        Assert.That(bits, Is.EqualTo(1));
    }

    [Test]
    public async Task Faults_reach_asynchronous_transfers_flushes_and_lengths()
    {
        using var store = Of(1, new PageStoreFaultRule(PageStoreOperations.All, PageStoreFault.Fail) { Rate = 1 });
        Assert.That(async () => await store.WriteAsync([Pages(1, 1)], 0, CancellationToken.None), Throws.TypeOf<InjectedFaultException>());
        Assert.That(async () => await store.ReadAsync([Room(1)], 0, CancellationToken.None), Throws.TypeOf<InjectedFaultException>());
        Assert.That(store.Flush, Throws.TypeOf<InjectedFaultException>());
        Assert.That(() => store.SetLength(5), Throws.TypeOf<InjectedFaultException>());
        Assert.That((store.Faults, store.LengthBytes), Is.EqualTo((4L, 0L)));
        store.Heal();
        await store.WriteAsync([Pages(1, 1)], 0, CancellationToken.None);
        store.Flush();
        Assert.That(await store.ReadAsync([Room(1)], 0, CancellationToken.None), Is.EqualTo(PageBytes));
    }

    [Test]
    public void A_seed_gives_the_same_faults_at_about_the_rate()
    {
        var (first, again) = (FaultsOf(5), FaultsOf(5));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(FaultsOf(6), Is.Not.EqualTo(first));
        Assert.That(first, Has.Count.InRange(50, 150));

        static List<int> FaultsOf(ulong seed)
        {
            using var store = Of(seed, new PageStoreFaultRule(PageStoreOperations.Flush, PageStoreFault.Fail) { Rate = 0.1 });
            var faults = new List<int>();
            for (var i = 0; i < 1000; i++)
            {
                var before = store.Faults;
                try
                {
                    store.Flush();
                }
                catch (InjectedFaultException)
                {
                }

                if (store.Faults > before)
                    faults.Add(i);
            }

            return faults;
        }
    }

    [TestCase(-1, 0)]
    [TestCase(0, 1.5)]
    [TestCase(0, double.NaN)]
    public void A_rule_that_says_nothing_is_refused(long at, double rate) =>
        Assert.That(() => Of(1, new PageStoreFaultRule(PageStoreOperations.Read, PageStoreFault.Fail) { At = at, Rate = rate }), Throws.ArgumentException);

    private static FaultInjectingPageStore Of(ulong seed, PageStoreFaultRule rule) => new(new MemoryPageStore(), seed, rule);

    private static void RequirePages(FaultInjectingPageStore store, params int[] numbers)
    {
        var read = Room(1);
        for (var page = 0; page < numbers.Length; page++)
        {
            Assert.That(store.Read(read.Span, page * PageBytes), Is.EqualTo(PageBytes));
            Assert.That(read.Span.SequenceEqual(Pages(1, numbers[page]).Span), Is.True);
        }
    }
}
