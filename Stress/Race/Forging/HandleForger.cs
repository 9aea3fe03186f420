using FolioRuntime.Harness;

namespace FolioRuntime.Race.Forging;

/// <summary>Makes handles that nobody gave out, or not to the forger: from nothing, from real ones by small changes, from other caches and another runtime.</summary>
internal struct HandleForger(ulong seed, int stream)
{
    private const int Ways = 13;

    private XorShift _random = new(seed, stream);

    /// <summary>Any handle at all. It may happen to be a live one.</summary>
    public ulong Forge(ForgeTarget target, ForgeTarget other, ulong[] strangers)
    {
        var choice = _random.Next();
        var real = target.Board.Recent(choice >> 8);
        return (int)((choice & 0xFF) % Ways) switch
        {
            0 => _random.Next(),
            1 => Forged.From((uint)_random.Next() % target.IndexLimit, Forged.GenerationOf(real)),
            2 => real ^ (1ul << _random.Below(32)),
            3 => real ^ (1ul << (32 + _random.Below(32))),
            4 => real + (1ul << 32),
            5 => real - (1ul << 32),
            6 or 7 => real,
            8 => target.Board.Old(choice >> 8),
            9 => other.Board.Recent(choice >> 8),
            10 => strangers[_random.Below(strangers.Length)],
            11 => Forged.From((uint)Math.Min(uint.MaxValue, target.IndexLimit + (_random.Next() >> 40)), Forged.GenerationOf(real)),
            _ => (choice & 0x100) == 0 ? 0 : (real << 32) | (real >> 32),
        };
    }

    /// <summary>A handle of a slot that the caller owns, in a generation other than its own: certainly nobody's.</summary>
    public ulong OtherGeneration(ulong mine) => _random.Below(4) switch
    {
        0 => mine + (1ul << 32),
        1 => mine - (1ul << 32),
        2 => mine ^ (1ul << (32 + _random.Below(32))),
        _ => Forged.IndexOf(mine),
    };
}
