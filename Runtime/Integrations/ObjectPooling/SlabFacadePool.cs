using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// A pool of objects whose state is outside the collector's heap (<see cref="SlabFacade{TValue}"/>): what is kept on the heap is small and always the same, and the state of objects that nobody has takes no
/// memory. Returns are checked as in <see cref="SlabObjectPool{T}"/>, and an object that is used after its return, while nobody else has it, throws instead of showing anything. Nothing is thrown from a
/// return. Thread-safe. An object that becomes garbage without a return keeps its slot until the end of the runtime; where leaks are looked for (<see cref="SlabCacheOptions.LeakAgeLimit"/>) it is reported.
/// <code>
///   Get:    an idle object, or a new one ─► a slot for it
///   Return: claimed, by one of those who return it ─► reset ─► the slot back to its cache ─► the object idle
/// </code>
/// </summary>
/// <typeparam name="TFacade">Type of the objects.</typeparam>
/// <typeparam name="TValue">Type of their state.</typeparam>
public sealed class SlabFacadePool<TFacade, TValue> : ObjectPool<TFacade>, IDisposable
    where TFacade : SlabFacade<TValue>
    where TValue : unmanaged
{
    private readonly SlabCache<TValue> _values;
    private readonly SlabObjectPool<TFacade> _objects;

    internal SlabFacadePool(SlabCache<TValue> values, SlabObjectPool<TFacade> objects)
    {
        _values = values;
        _objects = objects;
    }

    /// <summary>The cache of the objects' state: how many are out, and what memory it takes.</summary>
    public SlabCache Values => _values.Untyped;

    /// <summary>What the pool holds of the objects themselves, and has done.</summary>
    public SlabObjectPoolStatistics Statistics() => _objects.Statistics();

    /// <summary>An object with a slot of its own, whose state is all zeros. The caller returns it.</summary>
    /// <exception cref="OutOfMemoryException">The runtime's capacity is spent. Nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">The pool is bounded, and all its objects are out.</exception>
    /// <exception cref="ObjectDisposedException">The pool or the runtime is disposed.</exception>
    public override TFacade Get()
    {
        var facade = _objects.Get();
        try
        {
            var slot = _values.Rent();
            _values.ValueOf(slot) = default;
            facade.Attach(slot);
        }
        catch
        {
            _objects.Return(facade);
            throw;
        }

        return facade;
    }

    /// <summary>Gives an object back, and its slot. One that is <see cref="IResettable"/> is reset first, with its state still there; one that refuses is dropped.</summary>
    /// <param name="obj">What <see cref="Get"/> gave. Anything else is refused, reported and left alone.</param>
    public override void Return(TFacade obj) => _objects.Return(obj);

    /// <summary>Drops the idle objects, as <see cref="SlabObjectPool{T}.Trim"/> does, and gives back the memory that their state had.</summary>
    /// <returns>How many objects were dropped.</returns>
    public int Trim()
    {
        var dropped = _objects.Trim();
        Values.Trim();
        return dropped;
    }

    /// <summary>Takes no more gets. Objects that are out stay valid until they are returned.</summary>
    public void Dispose()
    {
        _objects.Dispose();
        _values.Dispose();
    }

    /// <summary>Makes objects, and takes their slots when they come back.</summary>
    internal sealed class Policy(SlabCache<TValue> values, Func<TFacade> create) : IPooledObjectPolicy<TFacade>
    {
        public TFacade Create()
        {
            var facade = create();
            facade.BelongTo(values);
            return facade;
        }

        // Called by the one return that has claimed the object, also where it won't be kept. It has no slot only if there was none to be had for it.
        public bool Return(TFacade obj)
        {
            try
            {
                return obj is not IResettable resettable || (obj.IsOut && resettable.TryReset());
            }
            finally
            {
                if (obj.IsOut)
                    values.Return(obj.Detach());
            }
        }
    }
}
