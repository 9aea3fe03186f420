namespace FolioRuntime.Exploration.Engine;

/// <summary>Thrown out of an access to end a thread whose execution is over: another thread failed, or none can go on.</summary>
internal sealed class AbandonedException() : Exception("The execution was abandoned.");
