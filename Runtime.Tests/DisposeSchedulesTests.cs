extern alias instrumented;

using FolioRuntime.Tests.Schedules;
using instrumented::FolioRuntime.Lifetimes;
using instrumented::FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;

namespace FolioRuntime.Tests;

/// <summary>
/// Dispose, trim and other threads' work falling into the middle of everything: each public action stands still at each of its
/// latches and atomics while the other thing happens.
/// </summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class DisposeSchedulesTests(int generationBits)
{
    public enum Work
    {
        RentAndReturnShared,
        RentAndReturnExclusive,
        AllocateGetAndPut,
        RentMany,
        PipeBlock,
        PooledObject,
        NewCache,
        Trim,
        Snapshot,
    }

    public enum Meanwhile
    {
        DisposeRuntime,
        DisposeCaches,
        Trim,
        SameWork,
    }

    [Test]
    public void Hazard33_whatever_falls_into_the_middle_nothing_is_lost_or_left_behind([Values] Work work, [Values] Meanwhile meanwhile)
    {
        var places = PauseSweep.Run(() =>
        {
            var site = new Site(generationBits);
            Action interruption = meanwhile switch
            {
                Meanwhile.DisposeRuntime => site.Runtime.Dispose,
                Meanwhile.DisposeCaches => site.DisposeCaches,
                Meanwhile.Trim => () => site.Runtime.Trim(),
                _ => () => site.Do(work),
            };
            return new PauseSweep.Trial(() => site.Do(work), interruption, failure =>
            {
                if (meanwhile is Meanwhile.DisposeRuntime or Meanwhile.DisposeCaches)
                    Assert.That(failure, Is.Null.Or.InstanceOf<ObjectDisposedException>());
                else
                    Assert.That(failure, Is.Null);
                site.RequireAllBack();
            });
        });
        Assert.That(places, Is.GreaterThan(0));
    }

    [Test]
    public void Hazard33_a_get_while_its_pool_is_being_disposed_finds_an_object_or_says_so_also_just_after_a_return()
    {
        PauseSweep.Run(() =>
        {
            var site = new Site(generationBits);
            var item = site.Objects.Get();
            return new PauseSweep.Trial(site.Objects.Dispose, Meanwhile, failure =>
            {
                Assert.That(failure, Is.Null);
                site.RequireAllBack();
            });

            void Meanwhile()
            {
                site.Objects.Return(item);
                try
                {
                    site.Objects.Return(site.Objects.Get());
                }
                catch (ObjectDisposedException)
                {
                    // The other right answer.
                }
            }
        });
    }

    [Test]
    public void Hazard19_an_object_rented_while_its_cache_is_disposed_can_be_looked_up_by_anyone_and_returned()
    {
        PauseSweep.Run(() =>
        {
            var site = new Site(generationBits);
            var handle = default(SlabHandle<long>);
            return new PauseSweep.Trial(() => handle = site.Shared.Rent(), site.Shared.Dispose, failure =>
            {
                if (failure is null)
                {
                    Assert.That(site.Other.TryGet(handle, out _), Is.False, "a look-up through another cache finds whose it is");
                    Assert.That(site.Shared.TryGet(handle, out var reference), Is.True);
                    reference.Dispose();
                    site.Shared.Return(handle);
                }
                else
                {
                    Assert.That(failure, Is.InstanceOf<ObjectDisposedException>());
                }

                site.RequireAllBack();
            });
        });
    }

    [Test]
    public void Hazard19_a_cache_whose_last_slab_goes_while_it_is_being_disposed_is_forgotten_only_when_no_slab_can_come()
    {
        using var stage = new Stage();
        var site = new Site(generationBits);
        var cache = site.Runtime.CreateByteCache("whole-page", 4096, new SlabCacheOptions { ThreadCacheCapacity = 0, EmptySlabsKept = 0, SlabOrder = 0 });
        var last = cache.Rent();
        var late = default(SlabHandle);
        static bool AtALatch(SeamEvent seen) => seen is { IsBefore: true, Operation: instrumented::FolioRuntime.Primitives.SeamOperation.LatchEnter };

        // A rent has seen that the only slab is full and goes for a page; the dispose has begun; the only object comes back.
        stage[0].Begin(() => late = cache.Rent());
        stage[0].RunTo(AtALatch);
        stage[0].RunTo(AtALatch);
        stage[1].Begin(cache.Dispose);
        stage[1].RunTo(AtALatch);
        stage[2].Run(() => cache.Return(last));
        stage[0].Finish();

        Assert.That(site.Other.TryGet(new SlabHandle<long>(late.ToUInt64()), out _), Is.False);
        stage[1].Finish();
        cache.Return(late);
        site.RequireAllBack();
    }

    /// <summary>A small instrumented runtime with one of everything.</summary>
    private sealed class Site
    {
        private readonly ProbePolicy _policy = new();
        private readonly instrumented::FolioRuntime.Integrations.Pipelines.SlabMemoryPool _memory;
        private int _destroyed;
        private int _constructed;

        public Site(int generationBits)
        {
            Runtime = new InstrumentedRuntime(new InstrumentedOptions
            {
                CapacityBytes = 4 << 20,
                ReservationBytes = 4 << 20,
                MaxOrder = 6,
                ThreadPageCapacity = 2,
                GenerationBits = generationBits,
                TrimInterval = Timeout.InfiniteTimeSpan,
            });
            var options = new SlabCacheOptions { ThreadCacheCapacity = 2, EmptySlabsKept = 0, SlabOrder = 0 };
            Shared = Runtime.CreateCache("shared", options, (ref long _) => _constructed++, (ref long _) => _destroyed++);
            Other = Runtime.CreateCache<long>("other", options);
            Exclusive = Runtime.CreateCache<long>("exclusive", options with { Discipline = SlabDiscipline.Exclusive });
            _memory = Runtime.CreateMemoryPool();
            Objects = Runtime.CreateObjectPool(_policy, maximumRetained: 2);
        }

        public InstrumentedRuntime Runtime { get; }

        public SlabCache<long> Shared { get; }

        public SlabCache<long> Other { get; }

        public SlabCache<long> Exclusive { get; }

        public instrumented::FolioRuntime.Integrations.ObjectPooling.SlabObjectPool<Probe> Objects { get; }

        public void Do(Work work)
        {
            switch (work)
            {
                case Work.RentAndReturnShared:
                    Shared.Return(Shared.Rent());
                    break;
                case Work.RentAndReturnExclusive:
                    Exclusive.Return(Exclusive.Rent());
                    break;
                case Work.AllocateGetAndPut:
                    using (var reference = Shared.Allocate())
                    {
                        Assert.That(Shared.TryGet(reference.Handle, out var further), Is.True);
                        further.Dispose();
                    }

                    break;
                case Work.RentMany:
                    var handles = new SlabHandle<long>[5];
                    var rented = Shared.TryRentMany(handles);
                    Shared.ReturnMany(handles.AsSpan(0, rented));
                    break;
                case Work.PipeBlock:
                    using (var owner = _memory.Rent())
                        owner.Memory.Span.Fill(1);
                    break;
                case Work.PooledObject:
                    Objects.Return(Objects.Get());
                    break;
                case Work.NewCache:
                    using (var cache = Runtime.CreateCache<int>("new"))
                        cache.Return(cache.Rent());
                    break;
                case Work.Trim:
                    Runtime.Trim();
                    break;
                default:
                    Assert.That(Runtime.Snapshot().ToString(), Is.Not.Empty);
                    break;
            }
        }

        public void DisposeCaches()
        {
            Shared.Dispose();
            Exclusive.Dispose();
            _memory.Dispose();
            Objects.Dispose();
        }

        /// <summary>Ends the runtime: every frame is back, every object destroyed once, every pooled object disposed once.</summary>
        public void RequireAllBack()
        {
            Objects.Dispose();
            Runtime.Dispose();
            var pages = Runtime.Pages.Snapshot();
            Assert.That(pages.AllocatedFrames, Is.Zero);
            Assert.That(pages.FreeFrames + pages.RetiredFrames, Is.EqualTo(pages.CommittedFrames), "L8");
            Assert.That(_destroyed, Is.EqualTo(_constructed), "L1");
            Assert.That(_policy.Made.Select(probe => probe.Disposals), Is.All.EqualTo(1));
            Assert.That(Runtime.Slabs.Snapshot(), Is.Empty, "a disposed cache without slabs is forgotten");
            foreach (var kind in Enum.GetValues<ViolationKind>().Where(kind => kind != ViolationKind.OutstandingAtDispose))
                Assert.That(Runtime.ViolationCount(kind), Is.Zero, $"{kind}");
        }
    }

    private sealed class Probe : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }

    private sealed class ProbePolicy : IPooledObjectPolicy<Probe>
    {
        public List<Probe> Made { get; } = [];

        public Probe Create()
        {
            Made.Add(new Probe());
            return Made[^1];
        }

        public bool Return(Probe obj) => true;
    }
}
