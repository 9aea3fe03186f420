using FolioRuntime.PageCaching;

namespace FolioRuntime.Tests.Caching;

/// <summary>Names no page, whatever is in.</summary>
internal sealed class BrokenPolicy : IReplacementPolicy
{
    public string Name => "broken";

    public void Added(int page, ulong key)
    {
    }

    public void Accessed(int page)
    {
    }

    public int NextVictim() => -1;

    public void Kept(int page)
    {
    }

    public void Removed(int page, bool reclaimed)
    {
    }
}
