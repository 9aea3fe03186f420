namespace FolioRuntime.Race.Forging;

/// <summary>How handles are forged.</summary>
internal sealed record ForgeOptions
{
    public required long Attempts { get; init; }

    public required int Threads { get; init; }

    public required ulong Seed { get; init; }

    public int GenerationBits { get; init; } = 32;

    /// <summary>How long a judge waits for an owner to enter its object into the book. Far beyond what a thread is ever kept from running.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For tests: says yes for the runtime, to see it caught.</summary>
    public Predicate<ulong>? Lie { get; init; }
}
