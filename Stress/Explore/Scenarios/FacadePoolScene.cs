using FolioRuntime.Exploration.Engine;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A pool of objects whose state is in slots: each counts its users, and writes into its state whose it is.</summary>
internal sealed class FacadePoolScene
{
    private readonly RecycledMemory _memory = new();
    private readonly List<Violation> _violations = [];
    private ulong _users;
    private int _made;

    public FacadePoolScene()
    {
        Runtime = new PoolRuntime(
            new PoolRuntimeOptions { CapacityBytes = 16384, ReservationBytes = 16384, MaxOrder = 0, ThreadPageCapacity = 0, FirstGeneration = 1, TrimInterval = Timeout.InfiniteTimeSpan },
            _memory,
            _memory);
        Runtime.ViolationDetected += _violations.Add;
        Pool = Runtime.CreateFacadePool<Facade, ulong>(
            () =>
            {
                _made++;
                return new Facade();
            },
            new SlabObjectPoolOptions { MaximumRetained = 2 });
    }

    private PoolRuntime Runtime { get; }

    private SlabFacadePool<Facade, ulong> Pool { get; }

    /// <summary>Gets an object, whose state is all zeros and from then on says whose it is.</summary>
    public Facade Get()
    {
        var facade = Pool.Get();
        Requirement.Equal(++facade.Users, 1, "users of one object");
        Requirement.Equal(facade.State, 0ul, "the state of an object that was just got");
        facade.State = facade.User = ++_users;
        return facade;
    }

    public void Put(Facade facade)
    {
        Requirement.Equal(facade.State, facade.User, "the state of an object is its user's");
        facade.Users--;
        Pool.Return(facade);
    }

    public void GetAndPut() => Put(Get());

    /// <summary>As a user who has put it before.</summary>
    public void PutAgain(Facade facade) => Pool.Return(facade);

    /// <param name="threads">What the threads do.</param>
    /// <param name="prelude">What the first does beforehand.</param>
    /// <param name="doubleReturns">Double returns that must have been reported.</param>
    public Scene Play(Action[] threads, Action? prelude, int doubleReturns) => new(threads)
    {
        Preludes = [prelude],
        Check = () =>
        {
            GetAndPut();
            Requirement.Equal(Pool.Statistics().Out, 0, "objects that are out");
            Pool.Dispose();
            Runtime.Dispose();
            Requirement.Equal(Runtime.Pages.Snapshot().AllocatedFrames, 0, "L8: frames still allocated");
            Requirement.Equal(_violations.Count(violation => violation.Kind == ViolationKind.DoubleReturn), doubleReturns, "double returns reported");
            Requirement.Equal(_violations.Count, doubleReturns, "violations");
        },
        State = () => $"{_made} made, {_users} users",
        Close = () =>
        {
            Runtime.Dispose();
            _memory.GiveBack();
        },
        EndsMatter = true,
    };

    internal sealed class Facade : SlabFacade<ulong>
    {
        public int Users { get; set; }

        public ulong User { get; set; }

        public ulong State
        {
            get => Value;
            set => Value = value;
        }
    }
}
