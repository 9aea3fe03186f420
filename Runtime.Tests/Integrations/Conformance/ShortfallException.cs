namespace FolioRuntime.Tests.Integrations.Conformance;

/// <summary>A pool doesn't do what a check asks. The message goes into the table.</summary>
internal sealed class ShortfallException(string message) : Exception(message)
{
    public static void Unless(bool condition, string message)
    {
        if (!condition)
            throw new ShortfallException(message);
    }
}
