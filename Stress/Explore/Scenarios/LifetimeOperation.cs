namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Something that a thread does to a slot, to be combined with others.</summary>
/// <param name="Name">In words joined by hyphens.</param>
/// <param name="About">What it is, to follow "a thread".</param>
/// <param name="Needs">How the slot must begin for it to make sense.</param>
/// <param name="Act">Does it.</param>
internal sealed record LifetimeOperation(string Name, string About, OperationNeeds Needs, Action<OneSlot> Act);
