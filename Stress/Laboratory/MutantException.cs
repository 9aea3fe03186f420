namespace FolioRuntime.Laboratory;

/// <summary>A mutant that can't be made: the sources have moved on without it, or it is no program.</summary>
public sealed class MutantException : Exception
{
    public MutantException()
    {
    }

    public MutantException(string message)
        : base(message)
    {
    }

    public MutantException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
