namespace FolioRuntime.PageCaching;

/// <summary>What somebody who didn't find a page is to do.</summary>
internal enum FillRole
{
    /// <summary>The page is there: look again.</summary>
    LookAgain,

    /// <summary>Read it from the store.</summary>
    Read,

    /// <summary>Wait for whoever reads it.</summary>
    Wait,

    /// <summary>Nothing: it is beyond the end.</summary>
    AtEnd,
}
