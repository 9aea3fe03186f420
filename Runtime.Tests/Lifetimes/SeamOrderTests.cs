extern alias instrumented;

using NUnit.Framework;
using ContentSequence = instrumented::FolioRuntime.Lifetimes.ContentSequence;
using GenerationSpace = instrumented::FolioRuntime.Lifetimes.GenerationSpace;
using Lifetime = instrumented::FolioRuntime.Lifetimes.Lifetime;
using LifetimeWord = instrumented::FolioRuntime.Lifetimes.LifetimeWord;
using SeamObserver = instrumented::FolioRuntime.Primitives.SeamObserver;
using SeamOperation = instrumented::FolioRuntime.Primitives.SeamOperation;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>
/// The accesses of an operation, in order. What a barrier or a pause is for can't be seen in a result on x64, where the first is no
/// instruction: here it is seen that each stands where the rules say.
/// </summary>
[NonParallelizable]
public class SeamOrderTests
{
    private readonly GenerationSpace _space = new(32, 1);
    private ulong _word;
    private uint _sequence;

    [SetUp]
    public void FreshWord() => (_word, _sequence) = (0, 0);

    [Test]
    public void AWriteShowsTheOddNumberBeforeAnyContent() =>
        Assert.That(
            Recording.Of(() => ContentSequence.BeginWrite(ref _sequence)),
            Is.EqualTo(new[] { SeamOperation.LoadAcquire, SeamOperation.StoreRelease, SeamOperation.WriteBarrier }));

    [Test]
    public void FreeingWhileFrozenShowsTheTagBeforeTheNextOwnersContent()
    {
        var generation = Lifetime.PublishReferenced(ref _word, _space);
        Assert.That(Lifetime.TryFreeze(ref _word, generation, 1), Is.True);
        Assert.That(
            Recording.Of(() => Lifetime.FreeFrozen(ref _word, generation)).TakeLast(2),
            Is.EqualTo(new[] { SeamOperation.StoreRelease, SeamOperation.WriteBarrier }));
    }

    [Test]
    public void AReadLooksAtWordAndSequenceBeforeTheContent_AndAgainBehindABarrier()
    {
        var generation = Lifetime.PublishReferenced(ref _word, _space);
        Assert.That(
            Recording.Of(() => Lifetime.TryBeginRead(ref _word, ref _sequence, generation, out _)),
            Is.EqualTo(new[] { SeamOperation.LoadAcquire, SeamOperation.LoadAcquire }));
        Assert.That(
            Recording.Of(() => Lifetime.EndRead(ref _word, ref _sequence, generation, 0)),
            Is.EqualTo(new[] { SeamOperation.ReadBarrier, SeamOperation.LoadAcquire, SeamOperation.LoadAcquire }));
    }

    [Test]
    public void AReturnThatLostItsCasBacksOff([Values] bool exclusive)
    {
        var generation = exclusive ? Lifetime.PublishExclusive(ref _word, _space) : Lifetime.PublishRented(ref _word, _space);
        var old = new LifetimeWord(_word);
        Lifetime.TryGet(ref _word, generation);
        Assert.That(
            Recording.Of(() => _ = exclusive ? Lifetime.ReturnExclusive(ref _word, generation, old) : Lifetime.Return(ref _word, generation, old)),
            Is.EqualTo(new[] { SeamOperation.CompareExchange, SeamOperation.Spin, SeamOperation.CompareExchange }));
    }

    private sealed class Recording : SeamObserver
    {
        private readonly Thread _thread = Thread.CurrentThread;
        private readonly List<SeamOperation> _operations = [];

        public static List<SeamOperation> Of(Action action)
        {
            var recording = new Recording();
            Current = recording;
            try
            {
                action();
            }
            finally
            {
                Current = null;
            }

            return recording._operations;
        }

        // The finalizer's accesses, say, are not the action's.
        public override void Before(SeamOperation operation, nint address)
        {
            if (Thread.CurrentThread == _thread)
                _operations.Add(operation);
        }
    }
}
