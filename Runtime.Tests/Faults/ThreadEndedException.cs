namespace FolioRuntime.Tests.Faults;

/// <summary>Ends a thread in the middle of the runtime; nothing there catches it.</summary>
internal sealed class ThreadEndedException() : Exception("the thread was ended here");
