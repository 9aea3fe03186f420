using System.Diagnostics;
using System.Text;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// Who began or ended one life of an object: thread and call stack. Immutable. The frames are captured at once, without source lines, which
/// would cost a hundred times as much; the text is made when somebody asks for it. Linux: <c>struct track</c>.
/// </summary>
public sealed class LifeTrack
{
    private static readonly string? s_ownAssembly = typeof(LifeTrack).Assembly.FullName;

    private readonly StackTrace _frames;

    private LifeTrack(uint generation, long timestamp, StackTrace frames)
    {
        Generation = generation;
        Timestamp = timestamp;
        _frames = frames;
    }

    /// <summary>The life that began or ended.</summary>
    public uint Generation { get; }

    /// <summary><see cref="Environment.CurrentManagedThreadId"/> of the thread that did it.</summary>
    public int ThreadId { get; } = Environment.CurrentManagedThreadId;

    /// <summary>The calls that led to it, innermost first, one a line, without this runtime's own at the top.</summary>
    public string Stack
    {
        get
        {
            var text = new StringBuilder();
            foreach (var frame in _frames.GetFrames())
            {
                var method = DiagnosticMethodInfo.Create(frame);
                if (text.Length == 0 && method?.DeclaringAssemblyName == s_ownAssembly)
                    continue;
                text.Append(text.Length == 0 ? "   at " : "\n   at ").Append(method is null ? "(unknown)" : $"{method.DeclaringTypeName}.{method.Name}");
            }

            return text.ToString();
        }
    }

    /// <summary>Thread, generation and stack.</summary>
    public override string ToString() => $"by thread {ThreadId} in generation {Generation}:\n{Stack}";

    /// <summary>When, in the units of its runtime's clock.</summary>
    internal long Timestamp { get; }

    internal static LifeTrack Here(uint generation, long timestamp = 0) => new(generation, timestamp, new StackTrace(skipFrames: 1, fNeedFileInfo: false));
}
