using FolioRuntime.Harness;
using FolioRuntime.Slabs;

namespace FolioRuntime.Race.Soaking;

/// <summary>
/// One runtime, from its first generation to its last, or as long as there is time. Threads work in rounds that end at a
/// barrier, where the loss is measured while everything stands still. The life is over when hardly a rent succeeds any more.
/// </summary>
internal sealed class SoakLife : IDisposable
{
    private const int TurnsPerRound = 2048;
    private const int ServedOneIn = 100;

    private static readonly int[] s_objectBytes = [64, 256, 1000, 4096];

    private readonly PoolRuntime _pool;
    private readonly SlabCache[] _caches;
    private readonly SoakWorker[] _workers;
    private long _operationsBefore;
    private long _refusedBefore;

    public SoakLife(SoakOptions options, ulong seed)
    {
        _pool = new PoolRuntime(new PoolRuntimeOptions
        {
            CapacityBytes = options.CapacityBytes,
            ReservationBytes = options.ReservationBytes,
            GenerationBits = options.GenerationBits,
            MaxOrder = 6,
        });
        var discipline = SlabDiscipline.Exclusive;
        _caches = [.. s_objectBytes.Select(size =>
        {
            discipline = discipline == SlabDiscipline.Shared ? SlabDiscipline.Exclusive : SlabDiscipline.Shared;
            return _pool.CreateByteCache($"soak-{size}", size, new SlabCacheOptions { Discipline = discipline, SlabOrder = size < 1000 ? 1 : 3 });
        })];
        _workers = [.. Enumerable.Range(0, options.Threads).Select(index => new SoakWorker(_pool, _caches, seed, index))];
        foreach (var worker in _workers)
            worker.Begin();
    }

    public bool IsOver { get; private set; }

    /// <summary>The error that the runtime gives at its end, for the first cache; null while it still has something to give.</summary>
    public string? LastWords { get; private set; }

    public long Operations => _workers.Sum(worker => worker.Tally.Operations);

    public long StaleRejected => _workers.Sum(worker => worker.Tally.StaleRejected);

    /// <summary>Broken promises, frames lost at the end counted.</summary>
    public long Violations => _workers.Sum(worker => worker.Tally.Violations) + LeakedFrames;

    public long LeakedFrames { get; private set; }

    /// <summary>Runs until the life is over or <paramref name="isTimeUp"/>, then returns everything.</summary>
    public void Run(Action<LossSample> onRoundEnd, Func<bool> isTimeUp)
    {
        var ended = false;
        using var roundEnd = new Barrier(_workers.Length, _ =>
        {
            onRoundEnd(LossSample.Of(_pool.Snapshot()));
            IsOver |= HardlyServes();
            ended |= IsOver || isTimeUp();
        });
        ThreadTeam.Run(_workers.Length, Work, _ =>
        {
            ended = true;
            roundEnd.RemoveParticipant();
        });
        _pool.Trim();
        LeakedFrames = _pool.Pages.AllocatedFrames;
        if (IsOver)
            LastWords = Exhaust();

        void Work(int index)
        {
            // Ends: the barrier's action sets ended.
            do
            {
                for (var turn = 0; turn < TurnsPerRound; turn++)
                    _workers[index].Turn();
                roundEnd.SignalAndWait(CancellationToken.None);
            }
            while (!ended);
            _workers[index].ReturnAll();
        }
    }

    public void Dispose() => _pool.Dispose();

    private bool HardlyServes()
    {
        var refused = _workers.Sum(worker => worker.Tally.Refused);
        var hardly = (Operations - _operationsBefore) * ServedOneIn < refused - _refusedBefore;
        _operationsBefore = Operations;
        _refusedBefore = refused;
        return hardly;
    }

    /// <summary>Uses up what is left for the largest objects, and reports the error.</summary>
    private string Exhaust()
    {
        // Ends: generations are finite.
        try
        {
            while (true)
                _caches[^1].Return(_caches[^1].Rent());
        }
        catch (OutOfMemoryException exception)
        {
            return exception.Message;
        }
    }
}
