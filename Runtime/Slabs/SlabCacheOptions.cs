using FolioRuntime.Lifetimes;

namespace FolioRuntime.Slabs;

/// <summary>How a slab cache behaves. Immutable once the cache is made; every property has a usable default.</summary>
public record SlabCacheOptions
{
    /// <summary>The name in statistics, exceptions and violation reports. Linux: the name of a <c>kmem_cache</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether others than the renter may take references. Default: <see cref="SlabDiscipline.Shared"/>.</summary>
    public SlabDiscipline Discipline { get; init; } = SlabDiscipline.Shared;

    /// <summary>Bytes that every object's address is a multiple of: a power of two from 1 to 4096; 0: 8, or the object's size if smaller.</summary>
    public int AlignmentBytes { get; init; }

    /// <summary>
    /// Free objects that each thread keeps for itself; 0: none, every rent and return goes to the slabs; null: by size, 60 below 256 bytes, 26 to 1 KiB, 12 to 4 KiB, 4 above,
    /// 1 above 256 KiB. They grow, to sixteen times as many or 256 KiB at most, in a thread that gives away what it soon needs again,
    /// and to four times as many where threads get into each other's way as they exchange free objects.
    /// </summary>
    public int? ThreadCacheCapacity { get; init; }

    /// <summary>
    /// Whether a return under <see cref="SlabDiscipline.Exclusive"/> is judged and done at once, whichever thread makes it, by one atomic operation. Without it each
    /// slab is one thread's: that thread's returns cost no atomic operation, and those of others travel to it in batches of at most 32, so that a second return among these is
    /// told by an event, later, and not by the return itself. Always so with a destructor, with <see cref="ZeroOnFree"/>, with debug options or guards, where leaks are looked for, and without a thread cache.
    /// </summary>
    public bool JudgeReturnsAtOnce { get; init; }

    /// <summary>Wholly empty slabs that the cache keeps instead of giving their pages back. Default: 1. With <see cref="int.MaxValue"/> even a trim leaves them.</summary>
    public int EmptySlabsKept { get; init; } = 1;

    /// <summary>Zero each object before it is constructed. Without it an object shows what the same cache left there, or <see cref="SlabDebugOptions.Poison"/>'s pattern.</summary>
    public bool ZeroOnAllocate { get; init; }

    /// <summary>Zero each object after it was destroyed, so that its content doesn't linger in memory. <see cref="SlabDebugOptions.Poison"/> overwrites it instead.</summary>
    public bool ZeroOnFree { get; init; }

    /// <summary>
    /// Leave pages as they are when they become a slab. By default memory that held something else is zeroed first; with this, objects may
    /// show bytes of other caches and folios of the same runtime, so it is for caches that trust all of these.
    /// </summary>
    public bool TrustPriorContent { get; init; }

    /// <summary>Order of every slab, 0 to the runtime's largest; null: chosen by waste, and larger as the cache grows (docs/ARCHITECTURE.md states the rule).</summary>
    public int? SlabOrder { get; init; }

    /// <summary>What is checked beyond the handles, and kept for reports. Default: none, which costs nothing. Linux: <c>slab_debug</c>.</summary>
    public SlabDebugOptions Debug { get; init; }

    /// <summary>
    /// About one rent in this many, chosen at random, goes to pages of its own between pages that fault when touched, so that a write past the end, or after the
    /// return, ends the process where it happens. 0: none. Native memory only. Linux: KFENCE's sample interval, which is a time.
    /// </summary>
    public int GuardSampleInterval { get; init; }

    /// <summary>Most objects on pages of their own, 1 to 4096, those being kept inaccessible after their return included; of these the oldest is used next. Default: 64.</summary>
    public int GuardedObjectsLimit { get; init; } = 64;

    /// <summary>
    /// About one rent in this many, chosen at random, is remembered with its call stack until it is returned, so that it can be named when it is leaked (docs/DEBUGGING.md).
    /// 1: all; 0: none, which costs nothing. Default: 0.
    /// </summary>
    public int LeakSampleInterval { get; init; }

    /// <summary>How long a remembered object may be out before it is reported as <see cref="ViolationKind.Leak"/>: more than zero. Default (null): for ever. Needs <see cref="LeakSampleInterval"/>.</summary>
    public TimeSpan? LeakAgeLimit { get; init; }

    /// <summary>What leak reports say of the cache besides its name: whose it is, for instance. Default: empty.</summary>
    public string LeakTag { get; init; } = "";

    internal LeakTerms Leaks => new(LeakSampleInterval, LeakAgeLimit, LeakTag);

    /// <summary>The same, with what a pool's own options say of leaks, or else the defaults.</summary>
    internal SlabCacheOptions WithLeaks(SlabCacheOptions defaults, int? sampleInterval, TimeSpan? ageLimit, string? tag) => this with
    {
        LeakSampleInterval = sampleInterval ?? defaults.LeakSampleInterval,
        LeakAgeLimit = ageLimit ?? (sampleInterval == 0 ? null : defaults.LeakAgeLimit),
        LeakTag = tag ?? defaults.LeakTag,
    };
}
