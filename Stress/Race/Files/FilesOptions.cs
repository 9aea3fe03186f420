namespace FolioRuntime.Race.Files;

/// <summary>How the files are read.</summary>
internal sealed record FilesOptions
{
    private const long LargestCapacityBytes = 1L << 30;
    private const int CapacityDivisor = 64;

    public required int Threads { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>How long; pages keep being recycled until then, in further passes once every file was read.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Passes over the files at most.</summary>
    public int Passes { get; init; } = int.MaxValue;

    /// <summary>The runtime's capacity; null: a 64th of the files' bytes, as far as the threads can work with that.</summary>
    public long? CapacityBytes { get; init; }

    public int GenerationBits { get; init; } = 32;

    /// <summary>Called with each piece's bytes in the runtime, before they are read back. For tests: a check must be seen to fail.</summary>
    public TamperAction? Tamper { get; init; }

    /// <summary>The least that lets every thread hold its largest piece while the rest are being recycled.</summary>
    public long LeastCapacityBytes => ((long)Threads << 18) + (1L << 20);

    public long CapacityFor(long fileBytes) =>
        CapacityBytes ?? Math.Clamp(fileBytes / CapacityDivisor, LeastCapacityBytes, Math.Max(LeastCapacityBytes, LargestCapacityBytes)) & -4096L;
}
