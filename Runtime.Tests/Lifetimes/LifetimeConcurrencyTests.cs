using FolioRuntime.Lifetimes;
using NUnit.Framework;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>Real threads on one word, bounded by operations and not by time.</summary>
public class LifetimeConcurrencyTests
{
    private static readonly GenerationSpace s_space = new(32, 1);
    private readonly object _storesAreOrdered = new();
    private ulong _word;

    [SetUp]
    public void FreshWord() => _word = 0;

    [TestCase(true)]
    [TestCase(false)]
    public void L1_OfRacingReturnsExactlyOneSucceeds(bool exclusive)
    {
        const int Threads = 4;
        const int Rounds = 3000;
        var succeeded = new int[Threads];
        var generation = 0u;
        using var barrier = new Barrier(Threads, _ =>
        {
            Assert.That(succeeded.Sum(), Is.EqualTo(generation == 0 ? 0 : 1), $"round {generation}");
            Array.Clear(succeeded);
            generation = exclusive ? Lifetime.PublishExclusive(ref _word, s_space) : Lifetime.PublishRented(ref _word, s_space);
        });
        TestThreads.Run(Threads, thread =>
        {
            for (var round = 0; round <= Rounds; round++)
            {
                barrier.SignalAndWait();
                var seen = Lifetime.Load(ref _word);
                var outcome = exclusive ? Lifetime.ReturnExclusive(ref _word, generation, seen) : Lifetime.Return(ref _word, generation, seen);
                succeeded[thread] = outcome == ReturnOutcome.MustDestroy ? 1 : 0;
            }
        });
    }

    /// <summary>Whoever destroys an object publishes the next in its place; getters by old and new handles, putters, and returns all at once.</summary>
    [Test]
    public void L1_L2_L3_UnderEverything_EachObjectIsDestroyedOnceAndNobodyHoldsADeadOne()
    {
        const int Threads = 4;
        const int Operations = 60_000;
        long published = 0;
        long destroyed = 0;
        var destroyedGenerations = new HashSet<uint>();
        Publish();
        TestThreads.Run(Threads, thread =>
        {
            var random = new Random(TestContext.CurrentContext.Random.NextShort() + thread);
            for (var i = 0; i < Operations; i++)
            {
                // Mostly the newest generation; the others must be rejected while it comes and goes.
                var newest = Lifetime.Load(ref _word).Generation;
                var generation = newest - (uint)(random.Next(4) == 0 ? random.Next(1, 4) : 0);
                if (random.Next(4) == 0)
                    Took(Lifetime.Return(ref _word, generation, Lifetime.Load(ref _word)) == ReturnOutcome.MustDestroy);
                else
                    GetAndPut(generation);
            }
        });

        // Ends: the last object is owned by nobody but the word itself.
        if (Lifetime.Load(ref _word).IsOwned)
            Took(Lifetime.Return(ref _word, Lifetime.Load(ref _word).Generation, Lifetime.Load(ref _word)) == ReturnOutcome.MustDestroy);
        Assert.That(destroyed, Is.EqualTo(published - 1), "all but the one published last");
        Assert.That(destroyed, Is.GreaterThan(0));
        TestContext.Out.WriteLine($"{destroyed} objects destroyed");

        void GetAndPut(uint generation)
        {
            var got = Lifetime.TryGet(ref _word, generation);
            Took(got == GetOutcome.StaleMustDestroy);
            if (got != GetOutcome.Got)
                return;
            Assert.That(Lifetime.Load(ref _word).IsLiveAt(generation), Is.True, "L2: held, so alive");
            Took(Lifetime.Put(ref _word, generation) == PutOutcome.MustDestroy);
        }

        void Took(bool mustDestroy)
        {
            if (!mustDestroy)
                return;
            lock (_storesAreOrdered)
            {
                destroyed++;
                var ended = Lifetime.Load(ref _word).Generation - 1;
                Assert.That(destroyedGenerations.Add(ended), Is.True, $"L1: generation {ended} was destroyed before");
            }

            Publish();
        }

        void Publish()
        {
            Interlocked.Increment(ref published);
            Lifetime.PublishRented(ref _word, s_space);
        }
    }
}
