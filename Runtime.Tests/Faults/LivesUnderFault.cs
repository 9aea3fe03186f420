using FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// Constructors and destructors whose n-th call throws, and the book of who is alive: a life begins when its constructor has run to its end
/// and ends with one destructor, whether that throws or not (L1). Any thread.
/// </summary>
internal sealed class LivesUnderFault
{
    private readonly HashSet<long> _alive = [];
    private readonly Lock _lock = new();
    private long _lastLife;
    private int _constructions;
    private int _destructions;

    /// <summary>Which constructor throws, from 1; 0: none.</summary>
    public int FailingConstruction { get; init; }

    /// <summary>Which destructor throws, from 1; 0: none.</summary>
    public int FailingDestruction { get; init; }

    /// <summary>Constructors called, the one that threw included.</summary>
    public int Constructions => _constructions;

    /// <summary>Destructors called, the one that threw included.</summary>
    public int Destructions => _destructions;

    /// <summary>Constructors that threw.</summary>
    public int ConstructionsFailed { get; private set; }

    /// <summary>Destructors that threw.</summary>
    public int DestructionsFailed { get; private set; }

    /// <summary>What the book found wrong; a destructor can't say so itself, since what it throws is swallowed.</summary>
    public string? Wrong { get; private set; }

    public int Alive
    {
        get
        {
            lock (_lock)
                return _alive.Count;
        }
    }

    public SlabAction<long> Constructor => (ref long life) => life = Begin();

    public SlabAction<long> Destructor => (ref long life) => End(life);

    public long Begin()
    {
        lock (_lock)
        {
            if (++_constructions == FailingConstruction)
            {
                ConstructionsFailed++;
                throw new PlantedException("constructor");
            }

            _alive.Add(++_lastLife);
            return _lastLife;
        }
    }

    public void End(long life)
    {
        lock (_lock)
        {
            _destructions++;
            if (!_alive.Remove(life))
                Wrong ??= $"L1: life {life} was ended twice, or never began";
            if (_destructions == FailingDestruction)
            {
                DestructionsFailed++;
                throw new PlantedException("destructor");
            }
        }
    }
}
