using System.Buffers;

namespace FolioRuntime.Race.Hazards;

/// <summary>A pool whose blocks can be kept past their renter's dispose, as its scene sees it: the runtime's, or a control.</summary>
internal interface IRetaining : IDisposable
{
    IMemoryOwner<byte> Rent();

    /// <summary>Keeps a block until the result is disposed. Null: it has gone back.</summary>
    /// <param name="owner">Its renter's.</param>
    /// <param name="memory">Its memory, got while it was rented.</param>
    /// <param name="kept">The memory to read it by.</param>
    IDisposable? TryRetain(IMemoryOwner<byte> owner, ReadOnlyMemory<byte> memory, out ReadOnlyMemory<byte> kept);
}
