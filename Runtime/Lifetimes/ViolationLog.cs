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

    public long ListenerFailures => _listenerFailures.Value;

    public long Count(ViolationKind kind) => _counters[(int)kind].Value;

    public Violation Report(ViolationKind kind, string subject, uint index, uint generation, string detail = "", Exception? exception = null)
    {
        var violation = new Violation(kind, subject, index, generation, detail, exception);
        _counters[(int)kind].Add();
        try
        {
            Reported?.Invoke(violation);
        }
#pragma warning disable CA1031 // A listener's failure must not reach the one who happened to meet the violation.
        catch (Exception)
#pragma warning restore CA1031
        {
            _listenerFailures.Add();
        }

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
