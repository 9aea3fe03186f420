namespace FolioRuntime.Scale.Plays;

/// <summary>What a workload does again and again, once. Implemented by structs, so that each is timed with nothing in between.</summary>
internal interface IOperation
{
    void Do();
}
