using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <content>What a woven build announces besides: plain accesses, which are no steps and are watched for races, and copies of content, which are steps.</content>
internal sealed partial class Scheduler
{
    public override void PlainRead(nint address, int sizeBytes, string what)
    {
        if (Self is { } self)
            _races?.Read(self.Number, address, sizeBytes, what);
    }

    public override void PlainWrite(nint address, int sizeBytes, string what)
    {
        if (Self is { } self)
            _races?.Write(self.Number, address, sizeBytes, what);
    }

    // Under weak memory, where a reader may be given older words than the newest.
    public override bool CopiesWords => _views is not null && Self is not null;

    public override ulong ReadWord(nint address, Func<ulong> read) => ReadContent(address, sizeof(ulong), read);

    public override void WriteWord(nint address, ulong before, ulong after, Action write) => WriteContent(address, sizeof(ulong), before, after, write);

    /// <summary>The copy follows at once, as part of this step; it is of the newest bytes, so long ones are nothing for weak memory.</summary>
    public override void ContentRead(nint sourceAddress, int sizeBytes)
    {
        if (Self is not { } self)
            return;
        Stand(self, new Access(SeamOperation.ContentRead, sourceAddress, sizeBytes));
        Made(self, 0, 0);
    }

    /// <summary>Likewise.</summary>
    public override void ContentWrite(nint destinationAddress, int sizeBytes)
    {
        if (Self is not { } self)
            return;
        Stand(self, new Access(SeamOperation.ContentWrite, destinationAddress, sizeBytes));
        Made(self, 0, 0);
    }
}
