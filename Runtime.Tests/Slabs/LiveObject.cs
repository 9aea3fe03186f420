extern alias instrumented;

using instrumented::FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <summary>An object that lives, in <see cref="SequentialSlabs"/>: whose it is and what keeps it alive.</summary>
/// <param name="Handle">Its handle.</param>
/// <param name="Cache">Number of its cache.</param>
/// <param name="IsOwned">Its owner has not returned it.</param>
/// <param name="References">References taken and not put.</param>
/// <param name="Strangers">A bit for each call of the history that holds a reference on it for an instant, having looked for something else.</param>
internal readonly record struct LiveObject(SlabHandle Handle, int Cache, bool IsOwned, int References, uint Strangers)
{
    public bool IsAlive => IsOwned || References > 0 || Strangers != 0;

    public uint Frame => Handle.Index / 256;
}
