extern alias instrumented;

using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Workloads;
using ViolationKind = instrumented::FolioRuntime.Lifetimes.ViolationKind;

namespace FolioRuntime.Race.Hazards;

/// <summary>What is played in a <see cref="ProtocolScene"/>.</summary>
internal sealed record ProtocolPlay
{
    public required Action<Worker> Turn { get; init; }

    public required Func<HazardSetting, int, IWitness, IProtocol> Control { get; init; }

    public int TurnsPerRound { get; init; } = 200;

    /// <summary>Whether the control promises that a handle never leads to another object. The published counters don't.</summary>
    public bool JudgesIdentity { get; init; } = true;

    /// <summary>Between rounds words get what hundreds of millions of failing look-ups leave behind.</summary>
    public bool AgesWords { get; init; }

    /// <summary>A new runtime for each round: this one's generations are spent.</summary>
    public bool Renews { get; init; }

    /// <summary>Whether the runtime's pages are such that a trim gives the words of free ones back too.</summary>
    public bool DiscardsWords { get; init; }

    /// <summary>Bits of a generation that the runtime uses.</summary>
    public int GenerationBits { get; init; } = 32;

    /// <summary>The misuse that the play does on purpose.</summary>
    public ViolationKind? Planned { get; init; }
}
