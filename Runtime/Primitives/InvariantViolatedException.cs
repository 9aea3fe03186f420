namespace FolioRuntime.Primitives;

/// <summary>
/// The runtime found its own state broken: a bug in it, or memory overwritten from outside. What the operation held is
/// left as it was; the structure it met should not be used further.
/// </summary>
public sealed class InvariantViolatedException : InvalidOperationException
{
    /// <summary>Creates the exception without naming an invariant.</summary>
    public InvariantViolatedException()
        : this("unnamed")
    {
    }

    /// <summary>Creates the exception for one invariant.</summary>
    /// <param name="invariant">The invariant that does not hold, in words.</param>
    public InvariantViolatedException(string invariant)
        : base($"Invariant violated: {invariant}.")
    {
    }

    /// <summary>Creates the exception for one invariant, found while handling another exception.</summary>
    /// <param name="invariant">The invariant that does not hold, in words.</param>
    /// <param name="innerException">What led here.</param>
    public InvariantViolatedException(string invariant, Exception innerException)
        : base($"Invariant violated: {invariant}.", innerException)
    {
    }
}
