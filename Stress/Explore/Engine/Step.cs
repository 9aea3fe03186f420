using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <summary>One access as it was made: the unit that is scheduled.</summary>
internal readonly record struct Step(int Thread, Access Access, ulong Before, ulong After)
{
    /// <summary>Whether it changed the word, or could have without anybody seeing a difference.</summary>
    public bool Wrote => Access.Operation == SeamOperation.CompareExchange ? Before != After : Access.MayWrite;
}
