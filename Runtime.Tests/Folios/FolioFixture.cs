using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Pages;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>A small allocator of folios for each test, at one width of generations. Every test ends with its pages audited (L8).</summary>
public abstract class FolioFixture(int generationBits)
{
    private readonly List<Violation> _violations = [];

    protected int GenerationBits { get; } = generationBits;

    protected FolioAllocator Folios { get; private set; } = null!;

    private protected PageAllocator Pages { get; private set; } = null!;

    private protected GenerationSpace Generations { get; private set; }

    /// <summary>The kinds reported so far, in order.</summary>
    protected IReadOnlyList<ViolationKind> Reported
    {
        get
        {
            lock (_violations)
                return [.. _violations.Select(violation => violation.Kind)];
        }
    }

    [SetUp]
    public void CreateFolios() => Create();

    /// <summary>Starts over with other limits.</summary>
    private protected void Create(int frames = 64, int maxOrder = 4, int threadListCapacity = 0, bool zero = true, IVirtualMemory? memory = null)
    {
        _violations.Clear();
        Pages = PagesUnderTest.Create(frames, maxOrder, threadListCapacity: threadListCapacity, memory: memory);
        Generations = GenerationSpace.Random(GenerationBits);
        var log = new ViolationLog();
        log.Reported += violation =>
        {
            lock (_violations)
                _violations.Add(violation);
        };
        Folios = new FolioAllocator(Pages, Generations, log, new FolioAllocatorOptions { ZeroOnAllocate = zero });
    }

    [TearDown]
    public void L8_NoFrameIsLost()
    {
        Pages.RequireConsistent(Pages.AllocatedFrames);
        if (TestContext.CurrentContext.Result.Outcome.Status != NUnit.Framework.Interfaces.TestStatus.Failed)
            Assert.That(Folios.Statistics.Alive == 0, Is.EqualTo(Pages.AllocatedFrames == 0), "folios and frames agree on whether any are out");
    }

    /// <summary>A pin, and its end, of what can be pinned.</summary>
    protected static void Come(DistributedFolio folio)
    {
        Assert.That(folio.TryPin(out var pin), Is.True);
        pin.Dispose();
    }

    /// <summary>A folio that nothing else holds.</summary>
    protected DistributedFolio Distributed(int order = 0)
    {
        using var folio = Folios.Allocate(new PageOrder(order));
        return Distributed(folio.Handle);
    }

    protected DistributedFolio Distributed(FolioHandle handle)
    {
        Assert.That(Folios.Distribute(handle, out var folio), Is.EqualTo(FolioOutcome.Done));
        return folio!;
    }

    /// <summary>A handle whose folio has been freed.</summary>
    protected FolioHandle Freed(int order = 0)
    {
        using var folio = Folios.Allocate(new PageOrder(order));
        return folio.Handle;
    }

    /// <summary>Allocates until the frame that this handle named heads a folio again, and returns that one's handle, rented.</summary>
    protected FolioHandle RentInPlaceOf(FolioHandle old)
    {
        var others = new List<FolioHandle>();
        while (true)
        {
            var next = Folios.Rent(new PageOrder(0));
            if (next.Frame == old.Frame)
            {
                others.ForEach(Folios.Return);
                return next;
            }

            others.Add(next);
        }
    }
}
