namespace FolioRuntime.Race.Workloads;

/// <summary>
/// A mix of operations, the same for every protocol. In a turn a thread ends with nothing in its hands.
/// </summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">One line for --list.</param>
/// <param name="Turn">One turn of one thread.</param>
internal sealed record Scenario(string Name, string Description, Action<Worker> Turn);
