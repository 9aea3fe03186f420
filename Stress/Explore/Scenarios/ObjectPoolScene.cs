using FolioRuntime.Exploration.Engine;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>An object pool whose objects count their users and their ends.</summary>
internal sealed class ObjectPoolScene : IPooledObjectPolicy<ObjectPoolScene.Item>
{
    private readonly RecycledMemory _memory = new();
    private readonly List<Violation> _violations = [];
    private readonly List<Item> _made = [];
    private readonly SlabObjectPoolOptions _options;
    private bool _isPoolDisposed;
    private bool _isTrimmed;
    private int _accepted;

    /// <param name="retained">Most objects that the pool keeps.</param>
    /// <param name="isBounded">Whether there may be no more.</param>
    public ObjectPoolScene(int retained, bool isBounded = false)
    {
        _options = new SlabObjectPoolOptions { MaximumRetained = retained, IsBounded = isBounded };
        Runtime = new PoolRuntime(
            new PoolRuntimeOptions { CapacityBytes = 4096, ReservationBytes = 4096, MaxOrder = 0, ThreadPageCapacity = 0, FirstGeneration = 1, TrimInterval = Timeout.InfiniteTimeSpan },
            _memory,
            _memory);
        Runtime.ViolationDetected += _violations.Add;
        Pool = Runtime.CreateObjectPool(this, _options);
    }

    public SlabObjectPool<Item> Pool { get; }

    private PoolRuntime Runtime { get; }

    /// <summary>Gets that found the pool disposed, or all of a bounded pool's objects out.</summary>
    public int Refused { get; private set; }

    public Item Create()
    {
        var item = new Item();
        _made.Add(item);
        return item;
    }

    public bool Return(Item obj) => true;

    /// <summary>Gets an object, which nobody else may have, and which has not ended. Null: the pool is disposed, or all its objects are out.</summary>
    public Item? Get()
    {
        try
        {
            if (!Pool.TryGet(out var item))
            {
                Refused++;
                return null;
            }

            Requirement.Equal(++item.Users, 1, "users of one object");
            Requirement.Equal(item.Ends, 0, "an object that is given out has not ended");
            return item;
        }
        catch (ObjectDisposedException)
        {
            Refused++;
            return null;
        }
    }

    public void Put(Item? item)
    {
        if (item is null)
            return;
        item.Users--;
        Pool.Return(item);
    }

    /// <summary>Gets an object and puts it by the handle of its rent, which must be accepted.</summary>
    public void GetAndPutByHandle()
    {
        if (Get() is not { } item)
            return;
        Requirement.That(Pool.TryGetHandle(item, out var handle), "an object that is out has a handle");
        item.Users--;
        Requirement.That(Pool.TryReturn(item, handle), "the return of the one who has the object is accepted");
    }

    /// <summary>As a user who has put it before, or is putting it, by the handle of that rent.</summary>
    public void PutAgain(Item item, SlabHandle handle)
    {
        if (Pool.TryReturn(item, handle))
            _accepted++;
    }

    /// <summary>What the runtime does with its pools when it is trimmed. At the end every place of the pool must be there still.</summary>
    public void Trim()
    {
        _isTrimmed = true;
        ((IIdleObjects)Pool).DropIdle(onlyUnused: false);
    }

    public void GetAndPut() => Put(Get());

    /// <summary>Disposes the pool: at the end every object must have ended without its being disposed once more.</summary>
    public void DisposePool()
    {
        _isPoolDisposed = true;
        Pool.Dispose();
    }

    /// <summary>As a user who has put it before.</summary>
    public void PutAgain(Item item) => Pool.Return(item);

    /// <param name="threads">What the threads do.</param>
    /// <param name="prelude">What the first does beforehand.</param>
    /// <param name="doubleReturns">Double returns that must have been reported, or stale ones.</param>
    /// <param name="accepted">Of the returns by an earlier user's handle, those that must have been accepted.</param>
    public Scene Play(Action[] threads, Action? prelude = null, int doubleReturns = 0, int accepted = 0)
    {
        return new Scene(threads)
        {
            Preludes = [prelude],
            Check = Check,
            State = () => $"{_made.Count} made, {_made.Sum(item => item.Ends)} ended, {Refused} refused",
            Close = Close,
            EndsMatter = true,
        };

        void Check()
        {
            if (_isTrimmed)
                RequirePlaces();
            var trimmed = Pool.Statistics().Trimmed;
            if (!_isPoolDisposed)
                Pool.Dispose();
            Requirement.Equal(_accepted, accepted, "returns of one rent that were accepted");
            Requirement.That(_made.All(item => item.Ends == 1), $"each object ends once: {string.Join(' ', _made.Select(item => item.Ends))}");
            Requirement.That(!_options.IsBounded || _made.Count - trimmed <= _options.MaximumRetained, $"a bound of {_options.MaximumRetained}, and {_made.Count} objects made, {trimmed} of them trimmed");
            Runtime.Dispose();
            Requirement.Equal(Runtime.Pages.Snapshot().AllocatedFrames, 0, "L8: frames still allocated");
            Requirement.Equal(_violations.Count(violation => violation.Kind is ViolationKind.DoubleReturn or ViolationKind.StaleReturn), doubleReturns, "double returns reported");
            Requirement.That(
                _violations.All(violation => violation.Kind is ViolationKind.DoubleReturn or ViolationKind.OutstandingAtDispose || (accepted > 0 && violation.Kind == ViolationKind.StaleReturn)), "no other violation");
        }
    }

    private void RequirePlaces()
    {
        var unpooled = Pool.UnpooledCount;
        var all = Enumerable.Range(0, Pool.MaximumRetained).Select(_ => Get()).ToArray();
        Requirement.Equal(Pool.UnpooledCount, unpooled, "places of the pool that are lost");
        foreach (var item in all)
            Put(item);
    }

    private void Close()
    {
        Runtime.Dispose();
        _memory.GiveBack();
    }

    internal sealed class Item : IDisposable
    {
        public int Users { get; set; }

        public int Ends { get; private set; }

        public void Dispose() => Ends++;
    }
}
