namespace FolioRuntime.Race.Traces;

/// <summary>A call being recorded: it changes until it returns.</summary>
internal sealed class OpenCall(int thread, TraceCallKind kind, int type, long @object)
{
    /// <summary>The call as it stands.</summary>
    public OpenCall Copy() => new(thread, kind, type, @object) { Slot = Slot, Ended = Ended, Succeeded = Succeeded };

    public int Thread => thread;

    public TraceCallKind Kind => kind;

    public int Type => type;

    public long Object => @object;

    /// <summary>The slot whose word it touched last.</summary>
    public int Slot { get; set; } = -1;

    public bool Ended { get; set; }

    public bool Succeeded { get; set; }
}
