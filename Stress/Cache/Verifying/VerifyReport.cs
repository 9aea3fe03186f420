using FolioRuntime.Harness;
using FolioRuntime.Harness.Caching;

namespace FolioRuntime.Caching.Verifying;

/// <summary>What folio-cache verify writes as JSON. Members are added, never renamed or taken away, within a schema.</summary>
/// <param name="Schema">Of this file: <see cref="CurrentSchema"/>.</param>
/// <param name="Tool">Who wrote it.</param>
/// <param name="Mode">The sub-command: <see cref="ModeName"/>.</param>
/// <param name="Verdict">How the run ended.</param>
/// <param name="Seed">Repeats it as far as threads allow.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="BytesChecked">Bytes that were read and compared.</param>
/// <param name="WrongBytes">Of these, wrong ones.</param>
/// <param name="UnjudgedBytes">Of these, bytes of pages that were changed too often during the read for anything to be said.</param>
/// <param name="Reads">Reads by way.</param>
/// <param name="FaultsMet">Calls that failed because a store was made to fail.</param>
/// <param name="Refused">Reads that found no memory.</param>
/// <param name="Cancelled">Reads that were given up.</param>
/// <param name="Rewrites">Pages that were written behind the cache's back and invalidated.</param>
/// <param name="Writes">Pages that were written through the cache.</param>
/// <param name="Truncations">Files cut off, or grown again.</param>
/// <param name="Holes">Ranges that became zeros.</param>
/// <param name="Invalidations">Ranges that were dropped.</param>
/// <param name="PagesGivenUp">Pages that gave way, to others or to the slab cache.</param>
/// <param name="PagesReadAhead">Pages that were read before anybody asked for them.</param>
/// <param name="LargeFolios">Folios of several pages that came into the cache so.</param>
/// <param name="PagesWritten">Pages that the cache wrote to their files.</param>
/// <param name="WrittenByAge">Of these, those that were because they had been dirty for too long.</param>
/// <param name="WrittenForMemory">Of these, those that were because memory was short.</param>
/// <param name="BlocksRented">Blocks that the slab cache beside it got.</param>
/// <param name="NodesRead">Looks at pages of types, which aren't a file's.</param>
/// <param name="NodesChanged">How often one was changed.</param>
/// <param name="NodesDropped">How often one was dropped.</param>
/// <param name="NodesConstructed">Pages that were constructed.</param>
/// <param name="NodesDestroyed">Of these, those whose destructor was run: in the end all.</param>
/// <param name="NodesCleaned">How often a changed page was cleaned.</param>
/// <param name="Faults">What must not happen, in words; the first ones.</param>
/// <param name="Controls">What had to be noticed, and how often it was.</param>
internal sealed record VerifyReport(
    int Schema, string Tool, string Mode, string Verdict, ulong Seed, MachineInfo Machine, double Seconds, long BytesChecked, long WrongBytes, long UnjudgedBytes, IReadOnlyDictionary<string, long> Reads,
    long FaultsMet, long Refused, long Cancelled, long Rewrites, long Writes, long Truncations, long Holes, long Invalidations, long PagesGivenUp, long PagesReadAhead, long LargeFolios, long PagesWritten, long WrittenByAge, long WrittenForMemory, long BlocksRented,
    long NodesRead, long NodesChanged, long NodesDropped, long NodesConstructed, long NodesDestroyed, long NodesCleaned,
    IReadOnlyList<string> Faults, IReadOnlyList<CacheControl> Controls)
{
    public const int CurrentSchema = 1;
    public const string ModeName = "verify";
}
