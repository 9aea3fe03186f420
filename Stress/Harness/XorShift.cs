namespace FolioRuntime.Harness;

/// <summary>
/// Marsaglia's xorshift64*: one word of state, so that each thread carries its own and a run can be repeated from
/// (seed, thread). Not for statistics, only for choosing.
/// </summary>
public struct XorShift
{
    private ulong _state;

    /// <summary>A stream of its own for each (seed, stream) pair.</summary>
    public XorShift(ulong seed, int stream)
    {
        // SplitMix64's finaliser spreads neighbouring seeds and streams over all 64 bits; xorshift must not start at 0.
        var z = seed + ((ulong)stream + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        _state = (z ^ (z >> 31)) | 1;
    }

    public readonly bool IsSeeded => _state != 0;

    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }

    /// <summary>A number in [0, <paramref name="limit"/>).</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>True once in <paramref name="every"/> times, on average.</summary>
    public bool OnceIn(int every) => Below(every) == 0;
}
