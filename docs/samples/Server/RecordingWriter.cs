using System.Text;

namespace Sample;

/// <summary>Keeps what is written to it. Thread-safe.</summary>
internal sealed class RecordingWriter : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_lock)
            _text.Append(buffer);
    }

    public override string ToString()
    {
        lock (_lock)
            return _text.ToString();
    }
}
