namespace FolioRuntime.Race.Traces;

/// <summary>A step as the recorder keeps it: with its call as an object, since calls have no numbers yet.</summary>
internal readonly record struct RecordedStep(OpenCall Call, TraceOperation Operation, ulong Before, ulong After, int DestructorType = -1, int ContentType = -1)
{
    public bool ChangesWord => Before != After;
}
