#region PROTOTYPING_POLICY
using FolioRuntime.PageCaching;
#endregion
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>The C# of docs/PROTOTYPING.md, compiled and run; see <see cref="DocumentedExamples"/>.</summary>
public class PrototypingExamples
{
    [Test]
    public void The_policy_prints_what_it_says() => Assert.That(DocumentedExamples.OutputOf(Play), Is.EqualTo("508 misses\n"));

    private static void Play()
    {
        #region PROTOTYPING_POLICY
        // Eight pages are used in turn; in between, a scan uses every page once.
        var policy = new SampledPolicy(capacityPages: 40);
        var cached = new Dictionary<ulong, int>();
        var misses = 0;
        for (var time = 0; time < 1000; time++)
        {
            var key = (ulong)(time % 2 == 0 ? time / 2 % 8 : 100 + time);
            if (cached.TryGetValue(key, out var page))
            {
                policy.Accessed(page);
                continue;
            }

            misses++;
            page = cached.Count < policy.CapacityPages ? cached.Count : policy.NextVictim();
            if (policy.Contains(page))
            {
                policy.Removed(page, reclaimed: true);
                cached.Remove(cached.Single(entry => entry.Value == page).Key);
            }

            policy.Added(page, key);
            cached.Add(key, page);
        }

        Console.WriteLine($"{misses} misses");
        #endregion
    }

    #region PROTOTYPING_POLICY
    /// <summary>Looks at eight pages here and there, and gives up the one whose last use is longest ago.</summary>
    internal sealed class SampledPolicy(int capacityPages) : ReplacementPolicy(capacityPages)
    {
        private readonly long[] _lastUse = new long[capacityPages];
        private readonly Random _random = new(1);
        private long _time;

        public override string Name => "sampled";

        protected override void OnAdded(int page, ulong key) => _lastUse[page] = ++_time;

        protected override void OnAccessed(int page) => _lastUse[page] = ++_time;

        protected override int ChooseVictim() => Enumerable.Range(0, 8).Select(_ => Pick()).MinBy(page => _lastUse[page]);

        protected override void OnKept(int page) => _lastUse[page] = ++_time;

        protected override void OnRemoved(int page, bool reclaimed) => _lastUse[page] = 0;

        // The first page from here on that is in. There is one, so it ends.
        private int Pick()
        {
            var page = _random.Next(CapacityPages);
            while (!Contains(page))
                page = (page + 1) % CapacityPages;
            return page;
        }
    }
    #endregion
}
