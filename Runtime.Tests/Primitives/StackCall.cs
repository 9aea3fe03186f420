namespace FolioRuntime.Tests.Primitives;

/// <summary>A call on the stack of a thread, or of all threads; what it gives, if it gives something.</summary>
internal readonly record struct StackCall(StackCallKind Kind, uint Item)
{
    public override string ToString() => Kind is StackCallKind.Push or StackCallKind.Refill ? $"{Kind} {Item}" : $"{Kind}";
}
