namespace FolioRuntime.Tests.Exploration;

/// <summary>One instruction of a <see cref="ToyProgram"/>.</summary>
internal readonly record struct ToyInstruction(ToyKind Kind, int Word, ulong Value)
{
    public override string ToString() => $"{Kind} {Word} {Value}";
}
