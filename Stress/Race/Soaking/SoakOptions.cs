namespace FolioRuntime.Race.Soaking;

/// <summary>How a runtime is worn out.</summary>
internal sealed record SoakOptions
{
    private const long BytesPerThread = 256 << 10;

    public required int Threads { get; init; }

    public required ulong Seed { get; init; }

    public required TimeSpan Time { get; init; }

    /// <summary>Few, so that words retire after a hundred or two lives.</summary>
    public int GenerationBits { get; init; } = 8;

    /// <summary>Runtimes to wear out at most.</summary>
    public int Lives { get; init; } = int.MaxValue;

    /// <summary>Small, so that a runtime's whole life fits into seconds; enough for what the threads hold.</summary>
    public long CapacityBytes => Math.Max(1 << 20, Threads * BytesPerThread);

    /// <summary>Frames that retire are replaced from the other half.</summary>
    public long ReservationBytes => 2 * CapacityBytes;
}
