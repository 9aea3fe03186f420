using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Tests.Faults;

/// <summary>A policy that makes objects with lives in the book; its reset throws at every third object, so that these are dropped.</summary>
internal sealed class FaultyPolicy(LivesUnderFault lives) : IPooledObjectPolicy<FaultyItem>
{
    private int _resets;

    /// <summary>Resets that threw.</summary>
    public int ResetsFailed { get; private set; }

    public FaultyItem Create() => new(lives, lives.Begin());

    public bool Return(FaultyItem obj)
    {
        if (++_resets % 3 != 0)
            return true;
        ResetsFailed++;
        throw new PlantedException("reset");
    }
}
