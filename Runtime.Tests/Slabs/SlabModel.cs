using System.Buffers.Binary;
using FolioRuntime.Slabs;
using FolioRuntime.Tests.Schedules;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>
/// Two slab caches on four pages, and a naive account of them: every life that was ever begun, who holds it, and what that makes each
/// call answer. Pages change hands between the caches all the time. Steps run on one of two threads.
/// </summary>
internal sealed partial class SlabModel : IDisposable
{
    private const int Frames = 4;
    private const int PerSlab = 4;
    private const int ObjectBytes = 1000;

    private readonly List<long> _unseen = [];
    private readonly List<Life> _lives = [];
    private readonly List<Life> _references = [];
    private readonly HashSet<SlabHandle> _issued = [];
    private readonly List<long> _destroyed = [];
    private readonly int[] _staleRejected = new int[2];
    private readonly SlabSubject[] _caches;
    private readonly PoolRuntime _runtime;
    private readonly Setting _setting;
    private Puppet _otherThread = new();
    private int _violations;
    private int _expectedViolations;
    private int _expectedDestroyed;

    public SlabModel(Setting setting)
    {
        _setting = setting;
        _runtime = new PoolRuntime(new PoolRuntimeOptions
        {
            CapacityBytes = Frames * 4096,
            ReservationBytes = Frames * 4096,
            MaxOrder = 2,
            ThreadPageCapacity = 2,
            GenerationBits = setting.GenerationBits,
            FirstGeneration = setting.FirstGeneration,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        _runtime.ViolationDetected += _ => _violations++;
        var options = new SlabCacheOptions { ThreadCacheCapacity = setting.ThreadCacheCapacity, SlabOrder = 0 };
        _caches =
        [
            Create("first", options),
            Create("second", options with { Discipline = setting.SecondIsExclusive ? SlabDiscipline.Exclusive : SlabDiscipline.Shared, EmptySlabsKept = 0 }),
        ];
    }

    /// <summary>Constructor calls so far.</summary>
    public int Constructions { get; private set; }

    /// <summary>Destructor calls so far.</summary>
    public int Destructions { get; private set; }

    public static void Play(Setting setting, Step[] program)
    {
        using var model = new SlabModel(setting);
        model.Run(program);
    }

    public void Run(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step.Act == Act.EndThread)
                EndThread();
            else if (step.OnOtherThread)
                _otherThread.Run(() => Apply(step));
            else
                Apply(step);
            Compare();
        }

        End();
    }

    public void Dispose()
    {
        _otherThread.Dispose();
        _runtime.Dispose();
    }

    private void EndThread()
    {
        _otherThread.Dispose();
        _otherThread = new Puppet();
    }

    private SlabSubject Create(string name, SlabCacheOptions options)
    {
        var cache = CreateCache(name, options);
        return _setting.Bug == SlabBug.None ? new SlabSubject(cache) : new FaultySlabs(cache, _runtime.Slabs, _setting.Bug);
    }

    private SlabCache CreateCache(string name, SlabCacheOptions options) => _runtime.CreateByteCache(
        name,
        ObjectBytes,
        options,
        constructor: bytes =>
        {
            // The tag of an object that nobody is given.
            BinaryPrimitives.WriteInt64LittleEndian(bytes, -(++Constructions));
            if (Constructions == _setting.FailingConstruction)
                throw new InvalidTimeZoneException();
        },
        destructor: bytes =>
        {
            _destroyed.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes));
            if (++Destructions == _setting.FailingDestruction)
                throw new InvalidTimeZoneException();
        });

    private void Apply(Step step)
    {
        var number = step.Which & 1;
        switch (step.Act)
        {
            case Act.Rent:
                Begin(number, owned: true);
                break;
            case Act.Allocate:
                Begin(Shared(number), owned: false);
                break;
            case Act.Get when _lives.Count > 0:
                Get(Shared(number), _lives[step.Which % _lives.Count]);
                break;
            case Act.Put when _references.Count > 0:
                Put(step.Which % _references.Count);
                break;
            case Act.Return when _lives.Count > 0:
                Return(number, _lives[step.Which % _lives.Count]);
                break;
            case Act.RentMany:
                BeginMany(number, 1 + (step.Which % 6));
                break;
            case Act.ReturnMany when _lives.Count > 0:
                ReturnMany(number, [.. Enumerable.Range(0, 1 + (step.Which % 4)).Select(i => _lives[(step.Which + (i * 7)) % _lives.Count])]);
                break;
            case Act.Look when _lives.Count > 0:
                Look(number, _lives[step.Which % _lives.Count]);
                break;
            case Act.Trim:
                _runtime.Trim();
                break;
        }
    }

    private int Shared(int number) => _setting.SecondIsExclusive ? 0 : number;

    private void Begin(int number, bool owned)
    {
        var fails = Constructions + 1 == _setting.FailingConstruction;
        var cache = _caches[number];
        var must = MustSucceed(number);
        SlabHandle handle;
        try
        {
            if (owned)
            {
                if (!cache.TryRent(out handle))
                {
                    Assert.That(must, Is.Not.True, "there was room");
                    return;
                }
            }
            else if (cache.TryAllocate(out var reference))
            {
                handle = reference.Handle;
            }
            else
            {
                Assert.That(must, Is.Not.True, "there was room");
                return;
            }
        }
        catch (InvalidTimeZoneException) when (fails)
        {
            return;
        }

        Assert.That(fails, Is.False, "the constructor's exception came through");
        Assert.That(must, Is.Not.False, "there was no room");
        Add(number, handle, owned);
    }

    private void BeginMany(int number, int count)
    {
        var before = Constructions;
        var fails = before < _setting.FailingConstruction && _setting.FailingConstruction <= before + count;
        var handles = new SlabHandle[count];
        int rented;
        try
        {
            rented = _caches[number].TryRentMany(handles);
        }
        catch (InvalidTimeZoneException) when (fails)
        {
            for (var construction = before + 1; construction < _setting.FailingConstruction; construction++)
            {
                _unseen.Add(-construction);
                ExpectDestruction();
            }

            return;
        }

        Assert.That(fails && rented == count, Is.False, "the constructor's exception came through");
        foreach (var handle in handles.AsSpan(0, rented))
            Add(number, handle, owned: true);
        if (rented < count)
            Assert.That(MustSucceed(number), Is.Not.True, "there was room for another one");
    }

    private void Add(int number, SlabHandle handle, bool owned)
    {
        Assert.That(_issued.Add(handle), Is.True, "no handle is issued twice");
        var life = new Life(number, handle, _lives.Count + 1) { IsOwned = owned };
        _lives.Add(life);
        if (!owned)
            Hold(life);
        BinaryPrimitives.WriteInt64LittleEndian(BytesOf(life), life.Tag);
    }

    /// <summary>Whether a slot must be had; null where generations run out, which this account doesn't follow.</summary>
    private bool? MustSucceed(int number)
    {
        if (_setting.GenerationBits < 32)
            return null;
        var live = _lives.Where(life => life.IsLive).ToArray();
        return live.Select(life => life.Frame).Distinct().Count() < Frames
            || live.Where(life => life.Cache == number).GroupBy(life => life.Frame).Any(frame => frame.Count() < PerSlab);
    }

    private void Get(int number, Life life)
    {
        var got = _caches[number].TryGet(life.Handle, out var reference);
        Assert.That(got, Is.EqualTo(life.Cache == number && life.IsLive), "a get succeeds on a live object of the cache and on nothing else");
        if (got)
        {
            Assert.That(BinaryPrimitives.ReadInt64LittleEndian(reference.Bytes), Is.EqualTo(life.Tag));
            Hold(life);
        }
        else if (!(life.IsLive && life.Cache == 1 && _setting.SecondIsExclusive))
        {
            // An exclusive object in the handle's own generation looks frozen: "not now", which isn't counted as stale.
            _staleRejected[number]++;
        }
    }

    private void Hold(Life life)
    {
        life.References++;
        _references.Add(life);
    }

    private void Put(int which)
    {
        var life = _references[which];
        _references.RemoveAt(which);
        life.References--;
        ExpectEnd(life);
        _caches[life.Cache].Put(life.Handle);
    }

    private void Return(int number, Life life)
    {
        var rightly = ExpectReturn(number, life);
        Assert.That(_caches[number].TryReturn(life.Handle), Is.EqualTo(rightly), "a return succeeds once, by the owner, in the object's cache");
    }

    private void ReturnMany(int number, Life[] lives)
    {
        var wrong = lives.Count(life => !ExpectReturn(number, life));
        var handles = lives.Select(life => life.Handle).ToArray();
        if (wrong == 0)
            _caches[number].ReturnMany(handles);
        else
            Assert.That(() => _caches[number].ReturnMany(handles), Throws.InvalidOperationException.With.Message.StartWith($"{wrong} of {lives.Length}"));
    }

    private bool ExpectReturn(int number, Life life)
    {
        if (life.Cache != number || !life.IsOwned)
        {
            _expectedViolations++;
            return false;
        }

        life.IsOwned = false;
        ExpectEnd(life);
        return true;
    }

    private void Look(int number, Life life)
    {
        if (life.Cache == number && life.IsOwned)
            Assert.That(BinaryPrimitives.ReadInt64LittleEndian(_caches[number].Cache.BytesOf(life.Handle)), Is.EqualTo(life.Tag));
        else
            Assert.That(() => _caches[number].Cache.BytesOf(life.Handle).Length, Throws.InvalidOperationException);
    }

    private void ExpectEnd(Life life)
    {
        if (!life.IsLive)
            ExpectDestruction();
    }

    private void ExpectDestruction()
    {
        _expectedDestroyed++;
        if (_expectedDestroyed == _setting.FailingDestruction)
            _expectedViolations++;
    }

    private unsafe Span<byte> BytesOf(Life life) => new((void*)_caches[life.Cache].Cache.AddressOf(life.Handle.Index), ObjectBytes);

    private void Compare()
    {
        Assert.That(_destroyed, Is.Unique, "L1");
        Assert.That(_destroyed, Has.Count.EqualTo(_expectedDestroyed), "L1");
        Assert.That(_violations, Is.EqualTo(_expectedViolations));
        var overwritten = _lives.Where(life => life.IsLive && BinaryPrimitives.ReadInt64LittleEndian(BytesOf(life)) != life.Tag);
        Assert.That(overwritten, Is.Empty, "L4: nobody wrote to a live object");

        for (var number = 0; number < _caches.Length; number++)
        {
            var now = _caches[number].Cache.Statistics();
            Assert.That(now.ActiveObjects, Is.EqualTo(_lives.Count(life => life.Cache == number && life.IsLive)));
            Assert.That(now.StaleRejected, Is.EqualTo(_staleRejected[number]));
            Assert.That(now.TotalObjects, Is.EqualTo(now.TotalSlabs * PerSlab));
            Assert.That(now.ActiveObjects + now.CachedObjects + now.RetiredObjects, Is.LessThanOrEqualTo(now.TotalObjects));
            Assert.That(_caches[number].Cache.Store.IsValid(), Is.True);
        }

        var pages = _runtime.Pages.Snapshot();
        Assert.That(pages.AllocatedFrames, Is.EqualTo(_caches.Sum(cache => cache.Cache.Statistics().TotalSlabs)), "a slab is a frame");
        Assert.That(pages.AllocatedFrames + pages.FreeFrames + pages.RetiredFrames, Is.EqualTo(pages.CommittedFrames), "L8");
    }

    private void End()
    {
        while (_references.Count > 0)
            Put(0);
        foreach (var life in _lives.Where(life => life.IsOwned))
            Return(life.Cache, life);
        _runtime.Trim();
        Compare();
        Assert.That(_runtime.Pages.AllocatedFrames, Is.Zero);
        Assert.That(_destroyed, Is.EquivalentTo(_lives.Select(life => life.Tag).Concat(_unseen)), "L1: each once");
        foreach (var life in _lives)
        {
            Get(0, life);
            Return(life.Cache, life);
        }

        Compare();
    }
}
