using CsCheck;
using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>Each policy against its model on random events, and against the contract of <see cref="IReplacementPolicy"/>.</summary>
internal sealed class PolicyTests
{
    private static readonly int[] s_capacities = [1, 2, 3, 7, 20, 130];

    private static IEnumerable<string> Names => PolicyCatalog.Names;

    [TestCaseSource(nameof(Names))]
    public void A_policy_names_the_victims_of_its_model(string name)
    {
        foreach (var capacity in s_capacities)
        {
            // Keys from a few times as many as fit, some much more often than others.
            Gen.Select(Gen.Int[0, 999], Gen.Int[0, 99], (key, kind) => (key, kind)).Array[0, capacity * 40].Sample(
                events => Play(PolicyCatalog.Create(name, capacity), PolicyCatalog.Model(name, capacity), capacity, events), iter: capacity > 100 ? 5 : 60);
        }
    }

    [TestCaseSource(nameof(Names))]
    public void A_victim_is_in_and_no_page_is_handed_out_twice(string name)
    {
        var policy = PolicyCatalog.Create(name, 50);
        for (var page = 0; page < 50; page++)
            policy.Added(page, (ulong)page);
        foreach (var page in (int[])[3, 3, 8, 21, 49, 3])
            policy.Accessed(page);
        policy.Removed(7, reclaimed: false);
        var victims = new List<int>();
        for (var victim = policy.NextVictim(); victim >= 0; victim = policy.NextVictim())
        {
            victims.Add(victim);
            policy.Removed(victim, reclaimed: true);
        }

        Assert.That(victims, Is.Unique.And.EquivalentTo(Enumerable.Range(0, 50).Where(page => page != 7)));
    }

    [TestCaseSource(nameof(Names))]
    public void Among_pinned_pages_the_one_that_is_not_is_found(string name)
    {
        const int Capacity = 64;
        for (var free = 0; free < Capacity; free++)
        {
            var policy = PolicyCatalog.Create(name, Capacity);
            for (var page = 0; page < Capacity; page++)
                policy.Added(page, (ulong)page);
            for (var use = 0; use < 5; use++)
                policy.Accessed(free);
            for (var page = 0; page < Capacity; page += 2)
                policy.Accessed(page);
            var asked = 1;
            for (; policy.NextVictim() is var victim && victim != free; asked++)
                policy.Kept(victim);
            Assert.That(asked, Is.LessThanOrEqualTo(3 * Capacity));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void What_is_not_in_is_ignored_or_refused(string name)
    {
        var policy = PolicyCatalog.Create(name, 2);
        Assert.That(policy.NextVictim(), Is.EqualTo(-1));
        policy.Accessed(1);
        policy.Accessed(-1);
        policy.Accessed(2);
        policy.Kept(0);
        Assert.That(() => policy.Removed(0, reclaimed: true), Throws.InvalidOperationException);
        Assert.That(() => policy.Added(2, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => policy.Added(-1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        policy.Added(0, 0);
        Assert.That(() => policy.Added(0, 0), Throws.InvalidOperationException);
        Assert.That(policy.NextVictim(), Is.Zero);
        policy.Removed(0, reclaimed: false);
        Assert.That(policy.NextVictim(), Is.EqualTo(-1));
    }

    [TestCaseSource(nameof(Names))]
    public void Nothing_is_allocated_once_it_is_made(string name)
    {
        var policy = PolicyCatalog.Create(name, 100);
        Churn(policy, 2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Churn(policy, 2_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void There_is_no_cache_without_pages() =>
        Assert.That(() => ReplacementPolicies.Adaptive(0), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static void Churn(IReplacementPolicy policy, int events)
    {
        for (var i = 0; i < events; i++)
        {
            var page = i % 100;
            if (policy.NextVictim() is >= 0 and var victim && i % 3 == 0)
            {
                policy.Removed(victim, reclaimed: true);
                policy.Added(victim, (ulong)(i * 7919 % 300));
            }
            else if (i < 100 && policy is ReplacementPolicy known && !known.Contains(page))
            {
                policy.Added(page, (ulong)page);
            }

            policy.Accessed(i * 31 % 100);
        }
    }

    private static void Play(IReplacementPolicy policy, IReplacementPolicy model, int capacity, (int Key, int Kind)[] events)
    {
        var pages = new Dictionary<ulong, int>();
        var free = new Stack<int>(Enumerable.Range(0, capacity));
        foreach (var (number, kind) in events)
        {
            var key = (ulong)((number < 500 ? number : number * number) % (capacity * 3));
            if (pages.TryGetValue(key, out var page))
            {
                Assert.That(Hit(policy, model, page, kind), Is.True);
                if (kind >= 97)
                    free.Push(Drop(pages, key));
                continue;
            }

            if (free.Count == 0)
                free.Push(Reclaim(policy, model, pages, kept: Math.Min(kind / 30, capacity - 1)));
            page = free.Pop();
            policy.Added(page, key);
            model.Added(page, key);
            pages.Add(key, page);
        }
    }

    // Used, or truncated.
    private static bool Hit(IReplacementPolicy policy, IReplacementPolicy model, int page, int kind)
    {
        foreach (var each in (IReplacementPolicy[])[policy, model])
        {
            if (kind >= 97)
                each.Removed(page, reclaimed: false);
            else
                each.Accessed(page);
        }

        return true;
    }

    private static int Reclaim(IReplacementPolicy policy, IReplacementPolicy model, Dictionary<ulong, int> pages, int kept)
    {
        while (true)
        {
            var victim = policy.NextVictim();
            Assert.That(victim, Is.EqualTo(model.NextVictim()));
            if (kept-- > 0)
            {
                policy.Kept(victim);
                model.Kept(victim);
                continue;
            }

            policy.Removed(victim, reclaimed: true);
            model.Removed(victim, reclaimed: true);
            return Drop(pages, pages.Single(page => page.Value == victim).Key);
        }
    }

    private static int Drop(Dictionary<ulong, int> pages, ulong key)
    {
        pages.Remove(key, out var page);
        return page;
    }
}
