namespace FolioRuntime.Tests.Faults;

/// <summary>What an injected fault in user code throws; nothing else throws it.</summary>
internal sealed class PlantedException(string where) : Exception($"planted in a {where}");
