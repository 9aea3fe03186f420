namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Thrown by an object's constructor where a scene wants it.</summary>
internal sealed class ConstructorFailedException() : Exception("The constructor was told to fail.");
