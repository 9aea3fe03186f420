namespace FolioRuntime.Caching.Verifying;

/// <summary>What a run of folio-cache verify was asked for.</summary>
/// <param name="Seconds">How long it takes, about, the controls included; longer where a control needs it.</param>
/// <param name="Threads">Threads that read and change.</param>
/// <param name="Seed">Of contents, faults and what each thread does.</param>
/// <param name="Directory">Files to read besides the generated ones; null: none.</param>
/// <param name="CachePages">Pages that the cache holds.</param>
/// <param name="FaultOneIn">One in so many calls of a store fails; 0: none.</param>
/// <param name="Control">One control alone; null: all, and then the cache.</param>
/// <param name="Json">Where to write the result; null: nowhere.</param>
internal sealed record VerifyOptions(
    double Seconds, int Threads, ulong Seed, string? Directory, int CachePages, int FaultOneIn, string? Control, string? Json);
