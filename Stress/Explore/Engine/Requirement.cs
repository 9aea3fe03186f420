using System.Diagnostics.CodeAnalysis;

namespace FolioRuntime.Exploration.Engine;

/// <summary>States what must hold in every execution of a scene, in its threads and in its check.</summary>
internal static class Requirement
{
    public static void That([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
            throw new RequirementFailedException(what);
    }

    public static void Equal<T>(T actual, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
            throw new RequirementFailedException($"{what}: {actual} and not {expected}");
    }
}
