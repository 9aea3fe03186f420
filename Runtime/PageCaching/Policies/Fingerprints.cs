namespace FolioRuntime.PageCaching.Policies;

/// <summary>Keys as 32 bits that look random: what ghosts and sketches keep. Two keys are taken for one in about one of 4 billion cases.</summary>
internal static class Fingerprints
{
    /// <summary>The finalizer of MurmurHash3, upper half: one value for each key, in every run.</summary>
    public static uint Of(ulong key)
    {
        key ^= key >> 33;
        key *= 0xff51afd7ed558ccd;
        key ^= key >> 33;
        key *= 0xc4ceb9fe1a85ec53;
        return (uint)(key >> 32);
    }
}
