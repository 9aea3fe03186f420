namespace FolioRuntime.PageCaching.Stores;

/// <summary>An error that a <see cref="FaultInjectingPageStore"/> was asked for.</summary>
public sealed class InjectedFaultException : IOException
{
    /// <summary>An error without more to say.</summary>
    public InjectedFaultException()
    {
    }

    /// <summary>An error.</summary>
    /// <param name="message">What failed.</param>
    public InjectedFaultException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a cause.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">Why.</param>
    public InjectedFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
