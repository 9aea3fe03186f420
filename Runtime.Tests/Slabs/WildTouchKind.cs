namespace FolioRuntime.Tests.Slabs;

/// <summary>What <see cref="WildTouch"/> does to an object.</summary>
internal enum WildTouchKind
{
    WritePastTheEnd,
    WriteBeforeThePages,
    WriteAfterReturn,
    ReadAfterReturn,
    DamageThatIsFatal,
}
