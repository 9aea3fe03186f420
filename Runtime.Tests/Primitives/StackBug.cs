namespace FolioRuntime.Tests.Primitives;

/// <summary>The bugs that a stack under test can be given.</summary>
public enum StackBug
{
    None,
    PopsTheOldest,
    DropsWhatDoesNotFit,
    RefillsOneTooFew,
    FlushesTheNewest,
    ForgetsOneAtADrain,
    DrainsWithoutShuttingTheOwnerOut,
}
