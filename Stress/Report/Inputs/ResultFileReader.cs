using FolioRuntime.Harness.Caching;

namespace FolioRuntime.Report.Inputs;

/// <summary>Reads what one of the tools wrote; which one, the file says.</summary>
internal static class ResultFileReader
{
    /// <exception cref="InvalidFileException">It can't be read, or isn't a result of folio-scale or folio-cache trace.</exception>
    public static ResultFile Read(string path) => JsonInput.Read(path, TraceReport.CurrentSchema, root => JsonInput.IsOf(root, TraceReport.ToolName)
        ? new ResultFile(null, TraceFileReader.Read(path, root))
        : new ResultFile(ScaleFileReader.Read(path, root), null));
}
