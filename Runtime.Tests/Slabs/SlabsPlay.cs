extern alias instrumented;

using System.Buffers.Binary;
using FolioRuntime.Tests.Properties;
using instrumented::FolioRuntime.Primitives;
using instrumented::FolioRuntime.Slabs;
using NUnit.Framework;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;

namespace FolioRuntime.Tests.Slabs;

/// <summary>
/// A few threads on two instrumented caches that share two pages of two slots each, and the history of what they were answered. Every thread
/// uses every handle there is, rightly or not.
/// </summary>
internal class SlabsPlay : IDisposable
{
    public const int Threads = 3;
    public const int Frames = 2;
    public const int SlotsPerFrame = 2;
    private const int ObjectBytes = 2000;

    private readonly History<SlabCall, SlabAnswer> _history = new();
    private readonly List<(SlabHandle Handle, int Cache)> _board = [];
    private readonly List<(SlabHandle Handle, int Cache)>[] _held = [[], [], []];
    private readonly List<long> _destroyed = [];
    private readonly Setting _setting;
    private int _wrongContents;

    public SlabsPlay(Setting setting)
    {
        _setting = setting;
        Runtime = new InstrumentedRuntime(new InstrumentedOptions
        {
            CapacityBytes = Frames * 4096,
            ReservationBytes = Frames * 4096,
            MaxOrder = 0,
            ThreadPageCapacity = 0,
            GenerationBits = setting.GenerationBits,
            FirstGeneration = 1,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        var options = new SlabCacheOptions { ThreadCacheCapacity = setting.ThreadCacheCapacity, EmptySlabsKept = 0, Discipline = setting.IsExclusive ? SlabDiscipline.Exclusive : SlabDiscipline.Shared };
        Caches = [Create("first", options), Create("second", options)];
    }

    protected InstrumentedRuntime Runtime { get; }

    protected SlabCache[] Caches { get; }

    public void PlayInTurns(Step[] program)
    {
        // Before the slots' words are read and stored, too: there a thread can be late with what it knows.
        var words = Runtime.Slabs.Tables.SlotWordsBase;
        Actors.PlayInTurns(
            Parts(program),
            program.Where(step => step.Kind == SlabCallKind.Turn).Select(step => new Actors.Turn(step.Thread, step.Number)),
            seen => seen.IsPlace || (seen is { IsBefore: true, Operation: SeamOperation.StoreRelease or SeamOperation.LoadAcquire } && seen.Address >= words && seen.Address < words + (Frames * 256 * 8)));
        RequireExplained();
    }

    public void PlayFreely(Step[] program, ulong seed)
    {
        Actors.PlayFreely(Parts(program), seed);
        RequireExplained();
    }

    public void Dispose()
    {
        Runtime.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual bool TryReturn(int cache, SlabHandle handle) => Caches[cache].TryReturn(handle);

    private SlabCache Create(string name, SlabCacheOptions options) =>
        Runtime.CreateByteCache(name, ObjectBytes, options, destructor: bytes => Destroyed(bytes));

    private Action[] Parts(Step[] program) => [.. Enumerable.Range(0, Threads).Select<int, Action>(thread => () =>
    {
        foreach (var step in program.Where(step => step.Thread == thread && step.Kind != SlabCallKind.Turn).Take(Linearizability.MostCalls / Threads))
            Do(thread, step);
    })];

    private void Do(int thread, Step step)
    {
        var cache = step.Number & 1;
        switch (step.Kind)
        {
            case SlabCallKind.Rent:
                Rent(thread, cache);
                break;
            case SlabCallKind.Return when TryChoose(step.Number, out var chosen):
                _history.Record(thread, new SlabCall(SlabCallKind.Return, chosen.Cache, chosen.Handle), () => new SlabAnswer(TryReturn(chosen.Cache, chosen.Handle)));
                break;
            case SlabCallKind.Get when !_setting.IsExclusive && TryChoose(step.Number, out var chosen):
                if (_history.Record(thread, new SlabCall(SlabCallKind.Get, chosen.Cache, chosen.Handle), () => Get(chosen.Cache, chosen.Handle)).Succeeded)
                    _held[thread].Add(chosen);
                break;
            case SlabCallKind.Put when _held[thread].Count > 0:
                Put(thread, step.Number % _held[thread].Count);
                break;
            case SlabCallKind.Trim:
                _history.Record(thread, new SlabCall(SlabCallKind.Trim, cache, default), () =>
                {
                    Runtime.Trim();
                    return new SlabAnswer(true);
                });
                break;
        }
    }

    private void Rent(int thread, int cache)
    {
        var answer = _history.Record(thread, new SlabCall(SlabCallKind.Rent, cache, default), () =>
        {
            if (!Caches[cache].TryRent(out var handle))
                return new SlabAnswer(false);
            BinaryPrimitives.WriteInt64LittleEndian(Caches[cache].BytesOf(handle), TagOf(handle, cache));
            return new SlabAnswer(true, handle);
        });
        if (!answer.Succeeded)
            return;
        lock (_board)
            _board.Add((answer.Handle, cache));
    }

    // Once in a while a handle is used on the wrong cache.
    private bool TryChoose(int number, out (SlabHandle Handle, int Cache) chosen)
    {
        lock (_board)
        {
            chosen = _board.Count > 0 ? _board[number % _board.Count] : default;
            if (number % 5 == 4)
                chosen.Cache = 1 - chosen.Cache;
            return _board.Count > 0;
        }
    }

    private SlabAnswer Get(int cache, SlabHandle handle)
    {
        if (!Caches[cache].TryGet(handle, out var reference))
            return new SlabAnswer(false);
        Look(reference.Bytes, handle, cache);
        return new SlabAnswer(true);
    }

    private void Put(int thread, int which)
    {
        var (handle, cache) = _held[thread][which];
        _held[thread].RemoveAt(which);
        _history.Record(thread, new SlabCall(SlabCallKind.Put, cache, handle), () =>
        {
            Look(BytesAt(cache, handle), handle, cache);
            Caches[cache].Put(handle.Index, handle.Generation);
            return new SlabAnswer(true);
        });
    }

    private void Look(ReadOnlySpan<byte> bytes, SlabHandle handle, int cache)
    {
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes) != TagOf(handle, cache))
            Interlocked.Increment(ref _wrongContents);
    }

    /// <summary>Counts an object as destroyed.</summary>
    protected void Destroyed(SlabHandle handle, int cache) => Destroyed(BytesAt(cache, handle));

    private void Destroyed(ReadOnlySpan<byte> bytes)
    {
        lock (_destroyed)
            _destroyed.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes));
    }

    private static long TagOf(SlabHandle handle, int cache) => ((long)handle.Index << 33) | ((long)handle.Generation << 1) | (uint)cache;

    // SAFETY: the slot is held by a reference, so its memory is committed.
    private unsafe ReadOnlySpan<byte> BytesAt(int cache, SlabHandle handle) => new((void*)Caches[cache].AddressOf(handle.Index), ObjectBytes);

    private void RequireExplained()
    {
        var issued = _history.Calls.Where(call => call.Call.Kind == SlabCallKind.Rent && call.Result.Succeeded).ToDictionary(call => call.Result.Handle, call => TagOf(call.Result.Handle, call.Call.Cache));
        var explained = Linearizability.Explains(
            _history.Calls,
            new SequentialSlabs(rentsMayFail: _setting.GenerationBits < 32, strangersHold: !_setting.IsModelWrong),
            state => _destroyed.Order().SequenceEqual(issued.Where(life => state.Of(life.Key) is null).Select(life => life.Value).Order()));
        if (!explained || _wrongContents != 0 || !Caches.All(cache => cache.Store.IsValid()))
            Assert.Fail($"{_wrongContents} wrong contents; destroyed: {_destroyed.Count}; no order explains{Environment.NewLine}{string.Join(Environment.NewLine, _history.Calls.OrderBy(call => call.Begin))}");
    }

    /// <param name="GenerationBits">Width of generations.</param>
    /// <param name="ThreadCacheCapacity">Objects that a thread keeps.</param>
    /// <param name="IsExclusive">The discipline of both caches.</param>
    public sealed record Setting(int GenerationBits, int ThreadCacheCapacity, bool IsExclusive)
    {
        /// <summary>Explains without the instant for which a failing get holds what it met.</summary>
        public bool IsModelWrong { get; init; }
    }

    /// <summary>Something for a thread to do; or its turn to pass a number of places.</summary>
    public sealed record Step(SlabCallKind Kind, int Thread, int Number)
    {
        public override string ToString() => Kind == SlabCallKind.Turn ? $"thread {Thread} passes {Number} places" : $"thread {Thread}: {Kind} {Number}";
    }
}
