extern alias instrumented;

using System.Runtime.CompilerServices;
using instrumented::FolioRuntime.Lifetimes;
using instrumented::FolioRuntime.Slabs;
using NUnit.Framework;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;

namespace FolioRuntime.Tests.Schedules;

/// <summary>
/// An instrumented runtime of a single page, and caches of two types that can only have it in turn. Their destructors record what
/// they were given; every object's content says whose it is.
/// </summary>
internal sealed class OnePage : IDisposable
{
    public const long OfX = 0x5858_5858;
    public const long OfY = 0x5959_5959;

    private readonly List<Violation> _violations = [];

    public OnePage(int generationBits, SlabDiscipline disciplineOfX = SlabDiscipline.Shared, Action? constructing = null)
    {
        Runtime = new InstrumentedRuntime(new InstrumentedOptions
        {
            CapacityBytes = 4096,
            ReservationBytes = 4096,
            MaxOrder = 0,
            ThreadPageCapacity = 0,
            GenerationBits = generationBits,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        Runtime.ViolationDetected += _violations.Add;
        var options = new SlabCacheOptions { ThreadCacheCapacity = 0, EmptySlabsKept = 0, Discipline = disciplineOfX };
        X = Runtime.CreateCache("x", options, (ref long value) => Construct(ref value, OfX, constructing), (ref long value) => EndedX.Add(value));
        Y = Runtime.CreateCache("y", options with { Discipline = SlabDiscipline.Shared }, (ref long value) => Construct(ref value, OfY, constructing), (ref long value) => EndedY.Add(value));
    }

    public InstrumentedRuntime Runtime { get; }

    public SlabCache<long> X { get; }

    public SlabCache<long> Y { get; }

    /// <summary>Contents that X's destructor was given.</summary>
    public List<long> EndedX { get; } = [];

    public List<long> EndedY { get; } = [];

    public IReadOnlyList<Violation> Violations => _violations;

    public LifetimeWord WordNow => new(WordOf());

    public nint WordAddress => Address(ref WordOf());

    /// <summary>The word of the first slot, once there is a page.</summary>
    public ref ulong WordOf() => ref Runtime.Slabs.Tables.SlotWord(0);

    /// <summary>Commits the page, so that the word can be named before anything is allocated in the part that is played.</summary>
    public void CommitPage() => Y.Allocate().Dispose();

    /// <summary>Every object that was made has been destroyed, by its own type's destructor, with its own content; the page is free.</summary>
    public void RequireEnded(int ofX, int ofY)
    {
        Assert.That(EndedX, Is.EqualTo(Enumerable.Repeat(OfX, ofX)), "L1: X's objects, each destroyed once by X's destructor");
        Assert.That(EndedY, Is.EqualTo(Enumerable.Repeat(OfY, ofY)), "L1: Y's objects, each destroyed once by Y's destructor");
        Assert.That(Runtime.Pages.AllocatedFrames, Is.Zero, "the page went back");
        Assert.That(WordNow.IsLive || WordNow.IsOwned, Is.False, "the word is dead");
    }

    public void Dispose() => Runtime.Dispose();

    private static void Construct(ref long value, long content, Action? constructing)
    {
        value = content;
        constructing?.Invoke();
    }

    // SAFETY: the word lies in the frame table, which never moves; the address is only compared.
    private static unsafe nint Address(ref ulong word) => (nint)Unsafe.AsPointer(ref word);
}
