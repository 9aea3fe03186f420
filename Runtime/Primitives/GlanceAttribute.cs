namespace FolioRuntime.Primitives;

/// <summary>
/// Marks reads that are made without synchronisation on purpose: any value that was ever there is good enough. The search for data races
/// passes over plain reads in a marked method or property, and over every plain access to a marked field and to the array it leads to.
/// </summary>
/// <param name="why">Why any value will do.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class GlanceAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}
