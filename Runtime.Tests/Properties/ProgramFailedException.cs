namespace FolioRuntime.Tests.Properties;

/// <summary>A program on which a property fails, made short, and the seed that finds it again.</summary>
public sealed class ProgramFailedException : Exception
{
    public ProgramFailedException(string message, Exception? cause, int steps, string seed)
        : base(message, cause)
    {
        Steps = steps;
        Seed = seed;
    }

    /// <summary>Steps of the short program.</summary>
    public int Steps { get; }

    /// <summary>Given to the same check, or in the environment as CsCheck_Seed, its first program fails.</summary>
    public string Seed { get; }
}
