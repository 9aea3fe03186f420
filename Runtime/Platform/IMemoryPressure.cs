namespace FolioRuntime.Platform;

/// <summary>
/// Tells whether memory is short around the process. What can't be read says nothing: it is never an error. One reader at a time.
/// </summary>
internal interface IMemoryPressure
{
    /// <summary>Looks now.</summary>
    MemoryPressureSigns Read();
}
