namespace FolioRuntime.PageCaching;

/// <summary>How a mapping is going to be read, as far as its user knows. Changes what is read ahead, and nothing else. Linux: <c>posix_fadvise</c>.</summary>
public enum PageAdvice
{
    /// <summary>Nobody knows: pages are read ahead where reads turn out to follow each other, or a stride.</summary>
    Normal,

    /// <summary>From the front to the back: the first miss reads ahead as much as is ever read ahead.</summary>
    Sequential,

    /// <summary>Here and there: nothing is read ahead.</summary>
    Random,
}
