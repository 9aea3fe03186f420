extern alias instrumented;

using instrumented::FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Whether a call succeeded, and the handle that a rent gave.</summary>
internal readonly record struct SlabAnswer(bool Succeeded, SlabHandle Handle = default)
{
    public override string ToString() => Handle == default ? $"{Succeeded}" : $"{Handle}";
}
