using System.Diagnostics;
using System.Diagnostics.Metrics;
using FolioRuntime.Primitives;

namespace FolioRuntime.Diagnostics;

/// <summary>
/// What <see cref="RuntimeMetrics"/> tells of one runtime. A collector asks each instrument in turn; they share one snapshot, so that a collection costs one and its
/// figures fit each other. An instrument that asks again gets a new one, and so does whoever would get one older than a second. Thread-safe.
/// </summary>
internal sealed class MeteredRuntime(string name, Func<RuntimeStatistics> snapshot)
{
    public const int MostInstruments = 128;
    public const string NameTag = RuntimeMetrics.Prefix + "runtime.name";
    public const string NumberTag = RuntimeMetrics.Prefix + "runtime.number";

    private static readonly TimeSpan s_oldest = TimeSpan.FromSeconds(1);
    private static readonly Latch s_numbering = new();
    private static int s_lastNumber;

    private readonly Latch _latch = new();

    // Under the latch. Bit n: instrument n has had this snapshot.
    private RuntimeStatistics? _latest;
    private UInt128 _served;
    private long _taken;

    // Under s_numbering. Given at the first measurement: a runtime that nobody measures takes none.
    private int _number;

    private int Number
    {
        get
        {
            using (s_numbering.Hold())
                return _number != 0 ? _number : _number = ++s_lastNumber;
        }
    }

    /// <summary>The statistics for an instrument.</summary>
    public RuntimeStatistics Read(int instrument)
    {
        var bit = UInt128.One << instrument;
        using (_latch.Hold())
        {
            if (_latest is { } latest && (_served & bit) == 0 && Stopwatch.GetElapsedTime(_taken) < s_oldest)
            {
                _served |= bit;
                return latest;
            }
        }

        // Outside the latch: a snapshot may report damage, and so call listeners.
        var now = snapshot();
        using (_latch.Hold())
        {
            _latest = now;
            _served = bit;
            _taken = Stopwatch.GetTimestamp();
        }

        return now;
    }

    /// <summary>A value with the runtime's tags, which no other runtime of the process has, and others.</summary>
    public Measurement<long> Measure(long value, params ReadOnlySpan<KeyValuePair<string, object?>> further) =>
        new(value, [new(NameTag, name), new(NumberTag, Number), .. further]);
}
