using Microsoft.Extensions.Logging;

namespace FolioRuntime.Tests.Hosting;

/// <summary>Keeps what is logged.</summary>
internal sealed class Logged : ILoggerProvider, ILogger
{
    private readonly List<(LogLevel Level, EventId Id, string Text)> _entries = [];

    public IReadOnlyList<(LogLevel Level, EventId Id, string Text)> Entries
    {
        get
        {
            lock (_entries)
                return [.. _entries];
        }
    }

    public HashSet<string> Categories { get; } = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName)
    {
        Categories.Add(categoryName);
        return this;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_entries)
            _entries.Add((logLevel, eventId, formatter(state, exception)));
    }

    public void Dispose()
    {
        // It is read after the container's end.
    }
}
