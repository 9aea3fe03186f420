namespace FolioRuntime.Exploration.Engine;

/// <summary>An execution in which something that must hold didn't.</summary>
/// <param name="Message">What.</param>
/// <param name="Execution">Its number, from 1.</param>
/// <param name="Schedule">What to replay it by.</param>
/// <param name="Timeline">Its steps, for a person.</param>
internal sealed record Failure(string Message, long Execution, string Schedule, string Timeline)
{
    public override string ToString() => $"{Message}\nexecution {Execution}, schedule {Schedule}\n{Timeline}";
}
