using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>Each policy with entries that stand for several pages.</summary>
internal sealed class LargeFolioPolicyTests
{
    private static IEnumerable<string> Names => PolicyCatalog.Names;

    [TestCaseSource(nameof(Names))]
    public void Each_folio_is_one_entry_and_is_named_once(string name)
    {
        var policy = (ReplacementPolicy)PolicyCatalog.Create(name, 128);
        var expected = new List<int>();
        for (var page = 0; page < 128; page += page < 64 ? 16 : 1)
        {
            policy.Added(page, (ulong)page, page < 64 ? 16 : 1);
            expected.Add(page);
        }

        Assert.That(policy.Count, Is.EqualTo(128));
        foreach (var page in (int[])[16, 32, 16, 100, 101])
            policy.Accessed(page);
        for (var asked = 0; asked < 3 * expected.Count && policy.NextVictim() is var kept && kept != 48; asked++)
            policy.Kept(kept);
        Assert.That(policy.NextVictim(), Is.GreaterThanOrEqualTo(0));
        var victims = new List<int>();
        for (var victim = policy.NextVictim(); victim >= 0; victim = policy.NextVictim())
        {
            victims.Add(victim);
            policy.Removed(victim, reclaimed: true);
        }

        Assert.That(victims, Is.Unique.And.EquivalentTo(expected));
        Assert.That(policy.Count, Is.Zero);
    }

    [TestCaseSource(nameof(Names))]
    public void A_cache_of_large_folios_is_churned_for_long(string name)
    {
        const int Capacity = 256;
        var policy = (ReplacementPolicy)PolicyCatalog.Create(name, Capacity);
        var free = new Stack<int>(Enumerable.Range(0, Capacity).Reverse());
        var tails = new Dictionary<int, int[]>();
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var pages = 1 << random.Next(5);
            while (free.Count < pages)
                Remove(policy.NextVictim(), reclaimed: true);
            var numbers = Enumerable.Range(0, pages).Select(_ => free.Pop()).ToArray();
            policy.Added(numbers[0], (ulong)random.Next(2000) * 16, pages);
            tails.Add(numbers[0], numbers);
            policy.Accessed(random.Next(Capacity));
            if (random.Next(50) == 0)
                Remove(tails.Keys.ElementAt(random.Next(tails.Count)), reclaimed: false);
            Assert.That(policy.Count, Is.EqualTo(Capacity - free.Count));
        }

        void Remove(int page, bool reclaimed)
        {
            policy.Removed(page, reclaimed);
            tails.Remove(page, out var numbers);
            foreach (var number in numbers!)
                free.Push(number);
        }
    }

    [Test]
    public void A_queue_that_is_a_part_of_the_cache_is_measured_in_pages()
    {
        var policy = ReplacementPolicies.S3Fifo(100);

        // Used twice, so that the main queue has it.
        policy.Added(9, 9);
        policy.Accessed(9);
        policy.Accessed(9);
        Assert.That(policy.NextVictim(), Is.EqualTo(9));
        for (var page = 0; page < 8; page++)
            policy.Added(page, (ulong)page);
        Assert.That(policy.NextVictim(), Is.EqualTo(9), "the small queue has less than its tenth");
        policy.Added(50, 50, pages: 16);
        Assert.That(policy.NextVictim(), Is.Zero, "now it has more");
    }

    [Test]
    public void A_policy_that_knows_nothing_of_it_is_told_of_an_entry()
    {
        IReplacementPolicy policy = new Plain();
        policy.Added(3, 7, pages: 8);
        Assert.That(policy.NextVictim(), Is.EqualTo(3));
    }

    [TestCase(0)]
    [TestCase((1 << 16) + 1)]
    public void A_folio_has_from_one_page_up(int pages) =>
        Assert.That(() => ReplacementPolicies.Lru(8).Added(0, 0, pages), Throws.TypeOf<ArgumentOutOfRangeException>());

    private sealed class Plain : IReplacementPolicy
    {
        private int _page = -1;

        public string Name => "plain";

        public void Added(int page, ulong key) => _page = page;

        public void Accessed(int page)
        {
        }

        public int NextVictim() => _page;

        public void Kept(int page)
        {
        }

        public void Removed(int page, bool reclaimed) => _page = -1;
    }
}
