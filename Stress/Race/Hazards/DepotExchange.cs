extern alias instrumented;

using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: a depot whose magazines have room for one item.</summary>
internal sealed class DepotExchange(int magazines) : IExchange
{
    private readonly MagazineDepot _depot = new(magazines, room: 1);

    public bool TryStow(uint item) => _depot.TryStow([item], static _ => { });

    public uint Take()
    {
        Span<uint> item = [0];
        _depot.Take(item);
        return item[0];
    }
}
