namespace FolioRuntime.PageCaching.Stores;

/// <summary>What a <see cref="ChecksummedPageStore"/> has read is not what was written: the page is torn, rotten, or another one's.</summary>
public sealed class PageChecksumException : IOException
{
    /// <summary>A page, without saying which.</summary>
    public PageChecksumException()
    {
    }

    /// <summary>A page.</summary>
    /// <param name="message">What is wrong.</param>
    public PageChecksumException(string message)
        : base(message)
    {
    }

    /// <summary>A page, with a cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Why.</param>
    public PageChecksumException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A page.</summary>
    /// <param name="index">Which one.</param>
    public PageChecksumException(long index)
        : base($"Page {index} isn't what was written there: its checksum is another.") => Index = index;

    /// <summary>Which page of 4 KiB, from 0; −1: unknown.</summary>
    public long Index { get; } = -1;
}
