namespace FolioRuntime.PageCaching.Stores;

/// <summary>What is done with a store.</summary>
[Flags]
public enum PageStoreOperations
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reads of both kinds.</summary>
    Read = 1,

    /// <summary>Writes of both kinds.</summary>
    Write = 2,

    /// <summary>Flushes.</summary>
    Flush = 4,

    /// <summary>Changes of the length.</summary>
    SetLength = 8,

    /// <summary>All of them.</summary>
    All = Read | Write | Flush | SetLength,
}
