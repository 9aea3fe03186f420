extern alias instrumented;

using instrumented::FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <summary>A call of a history: of a cache, by its number, about an object.</summary>
internal readonly record struct SlabCall(SlabCallKind Kind, int Cache, SlabHandle Handle)
{
    public override string ToString() => Kind is SlabCallKind.Rent or SlabCallKind.Trim ? $"{Kind} of {Cache}" : $"{Kind} of {Cache}: {Handle}";
}
