using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Traces;

namespace FolioRuntime.Race.Results;

/// <summary>What a run has found so far. Jobs run one after the other and each adds its part.</summary>
internal sealed class RaceResults
{
    public List<UnitResult> Units { get; } = [];

    /// <summary>One line for each hazard that was run, in the order of the catalog.</summary>
    public List<HazardResult> Hazards { get; } = [];

    /// <summary>The shortest schedule of what was caught, one for each protocol and scenario where something was and it was recorded.</summary>
    public List<Trace> Traces { get; } = [];

    /// <summary>Null: the files were not part of the run.</summary>
    public FilesResult? Files { get; set; }

    /// <summary>Null: forged handles were not part of the run.</summary>
    public ForgeResult? Forged { get; set; }

    /// <summary>Null: the soak was not part of the run.</summary>
    public SoakResult? Soaked { get; set; }

    /// <summary>Null: the run was not one of hours.</summary>
    public MemoryResult? Memory { get; set; }

    /// <summary>One line for each protocol, in the catalog's order.</summary>
    public IReadOnlyList<ProtocolResult> Protocols =>
    [
        .. from entry in ProtocolCatalog.All
           let units = Units.Where(unit => unit.Protocol == entry.Name).ToList()
           where units.Count > 0
           select new ProtocolResult(
               entry.Name,
               entry.Role == ProtocolRole.Control ? "control" : "subject",
               units.Sum(unit => unit.Operations),
               units.Sum(unit => unit.Violations),
               units.Sum(unit => unit.StaleRejected),
               units.Sum(unit => unit.Recycles)),
    ];

    /// <summary>Adds to what is known of a hazard.</summary>
    public void Add(HazardResult result)
    {
        var known = Hazards.FindIndex(hazard => hazard.Name == result.Name);
        if (known < 0)
            Hazards.Add(result);
        else
            Hazards[known] = Hazards[known].Plus(result);
    }
}
