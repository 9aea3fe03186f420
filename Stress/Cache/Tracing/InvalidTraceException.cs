namespace FolioRuntime.Caching.Tracing;

/// <summary>A file can't be read as a trace. The message names the file and what is wrong with it.</summary>
internal sealed class InvalidTraceException(string file, string problem) : Exception($"{file}: {problem}.");
