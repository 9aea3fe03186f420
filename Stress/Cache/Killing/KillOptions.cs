namespace FolioRuntime.Caching.Killing;

/// <summary>What a run of folio-cache kill was asked for.</summary>
/// <param name="Kills">How often.</param>
/// <param name="Seed">Of what is written, and of the moments as far as they can be repeated.</param>
/// <param name="Directory">Where the files are; null: a temporary folder, which is removed.</param>
/// <param name="Control">Only this control; null: all, then the cache.</param>
/// <param name="Json">Where to write the result; null: nowhere.</param>
internal sealed record KillOptions(int Kills, ulong Seed, string? Directory, string? Control, string? Json);
