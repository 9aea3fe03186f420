namespace FolioRuntime.Serve.Servers;

/// <summary>A server process is gone, or never came, though nobody ended it.</summary>
internal sealed class ServerEndedException(string message, Exception? inner = null) : Exception(message, inner);
