namespace FolioRuntime.Tests.Faults;

/// <summary>Something did not hold after an injected fault. An exception of its own, so that a control can require it without failing the test that plays it.</summary>
internal sealed class FaultFoundException(string message) : Exception(message);
