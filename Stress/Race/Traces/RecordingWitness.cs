using FolioRuntime.Race.Protocols;

namespace FolioRuntime.Race.Traces;

/// <summary>Puts destructors into the trace before the oracle judges them.</summary>
internal sealed class RecordingWitness(IWitness inner, TraceRecorder recorder) : IWitness
{
    public void Destroy(int type, Span<byte> content)
    {
        recorder.Destroy(type, ObjectContent.Read(content).Type);
        inner.Destroy(type, content);
    }

    public void Complain(string complaint) => inner.Complain(complaint);
}
