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

    /// <summary>The copy follows at once, as part of this step; it is of the newest bytes, under either kind of memory.</summary>
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
