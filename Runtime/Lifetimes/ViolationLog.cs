using FolioRuntime.Primitives;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// Counts violations by kind and tells whoever listens. Reporting never throws: a listener's exception is counted and
/// swallowed, because reports are made where an exception would corrupt a caller such as a pipe. Thread-safe; listeners are called on the
/// thread that met the violation, with no latch held.
/// </summary>
internal sealed class ViolationLog
{
    private readonly StripedCounter[] _counters = CreateCounters();
    private readonly StripedCounter _listenerFailures = new();

    public event Action<Violation>? Reported;

    /// <summary>Whether damage ends the process, once listeners were told: better no service than a wrong one.</summary>
    public bool CorruptionIsFatal { get; init; }

    /// <summary>Where else it is told, and what else happens; null: nowhere.</summary>
    public ITrace? Trace { get; init; }

    public long ListenerFailures => _listenerFailures.Value;

    public long Count(ViolationKind kind) => _counters[(int)kind].Value;

    public Violation Report(ViolationKind kind, string subject, uint index, uint generation, string detail = "", Exception? exception = null) =>
        Report(new Violation(kind, subject, index, generation, detail, exception));

    public Violation Report(Violation violation)
    {
        _counters[(int)violation.Kind].Add();
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

    private static StripedCounter[] CreateCounters()
    {
        var counters = new StripedCounter[Enum.GetValues<ViolationKind>().Length];
        for (var i = 0; i < counters.Length; i++)
            counters[i] = new StripedCounter();
        return counters;
    }
}
