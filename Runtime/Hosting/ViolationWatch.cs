using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using Microsoft.Extensions.Logging;

namespace FolioRuntime.Hosting;

/// <summary>
/// Logs what a runtime finds misused or damaged, and remembers when it last did. A fault in a loop doesn't flood the log: of each kind <see cref="MostInARow"/> are
/// logged in any <see cref="s_period"/>, and then how many were not. Thread-safe; called on the thread that met the violation, and never throws into it, since
/// the runtime swallows what a listener throws.
/// </summary>
internal sealed partial class ViolationWatch(string runtimeName, ILogger logger, TimeProvider time)
{
    /// <summary>Violations of one kind that are logged in one period.</summary>
    public const int MostInARow = 10;

    /// <summary>Leaks whose times are kept.</summary>
    public const int MostLeaksRemembered = 1000;

    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);

    private readonly Latch _latch = new();

    // By kind. Under the latch.
    private readonly Period[] _periods = new Period[Enum.GetValues<ViolationKind>().Length];
    private long? _lastMisuse;

    // When the last leaks were found, the oldest first.
    private readonly Queue<long> _leaks = new();

    /// <summary>How long ago misuse was last found; null: never. Damage, leaks, what fails in the background and what is merely left at the end are not misuse.</summary>
    public TimeSpan? SinceLastMisuse
    {
        get
        {
            using (_latch.Hold())
                return _lastMisuse is { } last ? time.GetElapsedTime(last) : null;
        }
    }

    /// <summary>Leaks found in so long a time up to now; no more than <see cref="MostLeaksRemembered"/> are told.</summary>
    public int LeaksWithin(TimeSpan period)
    {
        using (_latch.Hold())
            return _leaks.Count(found => time.GetElapsedTime(found) < period);
    }

    /// <summary>Takes note of one. The listener of <see cref="PoolRuntime.ViolationDetected"/>.</summary>
    public void Note(Violation violation)
    {
        long suppressed;
        using (_latch.Hold())
        {
            if (violation.Kind == ViolationKind.Leak)
                NoteLeak();
            else if (violation.Kind is not (ViolationKind.Corruption or ViolationKind.OutstandingAtDispose or ViolationKind.ReclaimFailed))
                _lastMisuse = time.GetTimestamp();
            ref var period = ref _periods[(int)violation.Kind];
            if (!period.TryTake(time, out suppressed))
                return;
        }

        // Outside the latch: whoever logs is user code.
        if (suppressed > 0)
            LogSuppressed(logger, runtimeName, suppressed, violation.Kind);
        Log(violation);
    }

    // Under the latch.
    private void NoteLeak()
    {
        if (_leaks.Count == MostLeaksRemembered)
            _leaks.Dequeue();
        _leaks.Enqueue(time.GetTimestamp());
    }

    private void Log(Violation violation)
    {
        var level = violation.Kind switch
        {
            ViolationKind.Corruption => LogLevel.Critical,
            ViolationKind.OutstandingAtDispose or ViolationKind.ReclaimFailed or ViolationKind.Leak => LogLevel.Warning,
            _ => LogLevel.Error,
        };
        LogViolation(logger, level, violation.Exception, runtimeName, violation.Kind, violation.Subject, violation.Index, violation.Generation, violation);
    }

    [LoggerMessage(EventId = 1, EventName = "Violation", Message = "Runtime '{Runtime}': {Violation} [{Kind}, {Cache}, slot {Slot}, generation {Generation}]")]
    private static partial void LogViolation(ILogger logger, LogLevel level, Exception? exception, string runtime, ViolationKind kind, string cache, uint slot, uint generation, Violation violation);

    [LoggerMessage(EventId = 2, EventName = "ViolationsNotLogged", Level = LogLevel.Warning, Message = "Runtime '{Runtime}': {Count} further violations of kind {Kind} were not logged")]
    private static partial void LogSuppressed(ILogger logger, string runtime, long count, ViolationKind kind);

    private struct Period
    {
        private long? _began;
        private long _count;

        public bool TryTake(TimeProvider time, out long suppressed)
        {
            suppressed = 0;
            if (_began is not { } began || time.GetElapsedTime(began) >= s_period)
            {
                suppressed = Math.Max(0, _count - MostInARow);
                _began = time.GetTimestamp();
                _count = 0;
            }

            return ++_count <= MostInARow;
        }
    }
}
