using HdrHistogram;

namespace FolioRuntime.Serve.Clients;

/// <summary>What one worker did and saw. Its own; merged when it has ended.</summary>
internal sealed class Tally
{
    private const long MostMicroseconds = 60_000_000;
    private const int Digits = 3;
    private const int MostCharacters = 200;

    private readonly long[] _byKind = new long[Enum.GetValues<RequestKind>().Length];

    /// <summary>Requests answered; connections cut are not among them.</summary>
    public long Requests { get; private set; }

    public long CorruptedBytes { get; private set; }

    public long Aborted { get; private set; }

    /// <summary>Requests that were not answered, or not as HTTP has it.</summary>
    public long Failures { get; private set; }

    public string? FirstFailure { get; private set; }

    public LongHistogram Latencies { get; } = new(MostMicroseconds, Digits);

    public long Of(RequestKind kind) => _byKind[(int)kind];

    public void NoteAnswer(RequestKind kind, long microseconds, long corruptedBytes)
    {
        Requests++;
        _byKind[(int)kind]++;
        CorruptedBytes += corruptedBytes;
        Latencies.RecordValue(Math.Min(microseconds, MostMicroseconds));
    }

    public void NoteAbort()
    {
        Aborted++;
        _byKind[(int)RequestKind.Abort]++;
    }

    public void NoteCorrupted(long bytes) => CorruptedBytes += bytes;

    public void NoteFailure(string what)
    {
        Failures++;
        FirstFailure ??= Printable(what);
    }

    public void Merge(Tally other)
    {
        Requests += other.Requests;
        CorruptedBytes += other.CorruptedBytes;
        Aborted += other.Aborted;
        Failures += other.Failures;
        FirstFailure ??= other.FirstFailure;
        Latencies.Add(other.Latencies);
        for (var kind = 0; kind < _byKind.Length; kind++)
            _byKind[kind] += other._byKind[kind];
    }

    // Messages quote what came, which may be anything.
    private static string Printable(string text) =>
        string.Concat(text.Take(MostCharacters).Select(character => character is >= ' ' and <= '~' ? character : '?'));
}
