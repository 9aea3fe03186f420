using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// The three tiers of assertion: <see cref="Require"/> is always on and cheap, <see cref="Check"/> is O(1) and in debug
/// builds only, <see cref="Audit"/> walks a whole structure in debug builds only. A failure is a bug of the runtime
/// itself, never of its user: users get an exception that names what they did.
/// </summary>
internal static class Invariant
{
    /// <summary>Always on: the runtime cannot go on safely when this does not hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require([DoesNotReturnIf(false)] bool condition, string invariant)
    {
        if (!condition)
            Fail(invariant);
    }

    /// <summary>Debug builds, O(1).</summary>
    [Conditional("DEBUG")]
    public static void Check([DoesNotReturnIf(false)] bool condition, string invariant)
    {
        if (!condition)
            Fail(invariant);
    }

    /// <summary>Debug builds, any cost: the condition is evaluated only there.</summary>
    [Conditional("DEBUG")]
    public static void Audit(Func<bool> condition, string invariant)
    {
        if (!condition())
            Fail(invariant);
    }

    [DoesNotReturn]
    private static void Fail(string invariant) =>
        throw new InvariantViolatedException(invariant);
}
