using System.Collections.Concurrent;
using FolioRuntime.Primitives;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// Counts violations by kind and tells whoever listens. Reporting never throws: a listener's exception is counted and
/// swallowed, because reports are made where an exception would corrupt a caller such as a pipe. Thread-safe; listeners are called on the
/// thread that met the violation, with no latch held.
/// </summary>
internal sealed class ViolationLog
{
    /// <summary>Subjects that are counted by name, or a few more that were found at one moment; those found later are counted together, as <see cref="OtherSubjects"/>.</summary>
    public const int MostSubjects = 64;

    /// <summary>The name for all subjects without one of their own.</summary>
    public const string OtherSubjects = "_OTHER";

    private static readonly int s_kinds = Enum.GetValues<ViolationKind>().Length;

    private readonly StripedCounter[] _counters = CreateCounters();

    // By subject, then by kind. Nothing is ever removed, so that no count falls.
    private readonly ConcurrentDictionary<string, long[]> _subjects = new(StringComparer.Ordinal);
    private readonly long[] _others = new long[s_kinds];
    private readonly StripedCounter _listenerFailures = new();

    public event Action<Violation>? Reported;

    /// <summary>Whether damage ends the process, once listeners were told: better no service than a wrong one.</summary>
    public bool CorruptionIsFatal { get; init; }

    /// <summary>Where else it is told, and what else happens; null: nowhere.</summary>
    public ITrace? Trace { get; init; }

    public long ListenerFailures => _listenerFailures.Value;

    public long Count(ViolationKind kind) => _counters[(int)kind].Value;

    /// <summary>How often each kind was found of each subject: of those found at all, and of <see cref="OtherSubjects"/>, also if that is never.</summary>
    public IReadOnlyList<ViolationCount> CountBySubject()
    {
        List<ViolationCount> counts = [];
        for (var kind = 0; kind < s_kinds; kind++)
        {
            counts.Add(new ViolationCount((ViolationKind)kind, OtherSubjects, Atomics.LoadAcquire(ref _others[kind])));
            foreach (var (subject, found) in _subjects)
            {
                if (Atomics.LoadAcquire(ref found[kind]) is > 0 and var count)
                    counts.Add(new ViolationCount((ViolationKind)kind, subject, count));
            }
        }

        return counts;
    }

    public Violation Report(ViolationKind kind, string subject, uint index, uint generation, string detail = "", Exception? exception = null) =>
        Report(new Violation(kind, subject, index, generation, detail, exception));

    public Violation Report(Violation violation)
    {
        _counters[(int)violation.Kind].Add();
        Atomics.Count(ref CountersOf(violation.Subject)[(int)violation.Kind], 1);
        try
        {
            Trace?.Found(violation);
            Reported?.Invoke(violation);
        }
#pragma warning disable CA1031 // A listener's failure must not reach the one who happened to meet the violation.
        catch (Exception)
#pragma warning restore CA1031
        {
            _listenerFailures.Add();
        }

        if (CorruptionIsFatal && violation.Kind == ViolationKind.Corruption)
            Environment.FailFast(violation.ToString());
        return violation;
    }

    private long[] CountersOf(string subject)
    {
        if (_subjects.TryGetValue(subject, out var counters))
            return counters;
        return _subjects.Count >= MostSubjects || subject == OtherSubjects ? _others : _subjects.GetOrAdd(subject, static _ => new long[s_kinds]);
    }

    private static StripedCounter[] CreateCounters()
    {
        var counters = new StripedCounter[s_kinds];
        for (var i = 0; i < counters.Length; i++)
            counters[i] = new StripedCounter();
        return counters;
    }
}
