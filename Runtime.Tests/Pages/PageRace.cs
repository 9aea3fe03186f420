namespace FolioRuntime.Tests.Pages;

/// <summary>The races that <see cref="FaultyPagesPlay"/> can have.</summary>
public enum PageRace
{
    TwoTakeTheKeptFrame,
    AKeptFrameIsOverwritten,
}
