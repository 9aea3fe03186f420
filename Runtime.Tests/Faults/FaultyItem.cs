namespace FolioRuntime.Tests.Faults;

/// <summary>A pooled object that has a life in the book, which its dispose ends.</summary>
internal sealed class FaultyItem(LivesUnderFault lives, long life) : IDisposable
{
    public void Dispose() => lives.End(life);
}
