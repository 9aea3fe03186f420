namespace FolioRuntime.PageCaching.Stores;

/// <summary>How an operation of a <see cref="FaultInjectingPageStore"/> goes wrong.</summary>
public enum PageStoreFault
{
    /// <summary>It throws <see cref="InjectedFaultException"/>, and nothing was done.</summary>
    Fail,

    /// <summary>A transfer does a part of what it should, from the beginning, and then throws; other operations just throw, after they were done.</summary>
    Shorten,

    /// <summary>
    /// Nobody is told. Of a write some sectors of 512 bytes arrive and others don't; of what is read one bit is wrong; a flush does nothing. A change of length isn't disturbed.
    /// </summary>
    Tear,
}
