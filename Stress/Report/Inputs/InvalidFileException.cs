namespace FolioRuntime.Report.Inputs;

/// <summary>A file isn't a result that can be shown. The message names the file and what is wrong with it.</summary>
internal sealed class InvalidFileException(string file, string problem) : Exception($"{file}: {problem}.");
