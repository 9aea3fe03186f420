namespace FolioRuntime.Reclaiming;

/// <summary>
/// Tells a reclaimer of full collections, which is when the collector has measured memory anew. Nobody holds the object, so each collection of the generation it
/// has reached finalizes it; it then registers again, until the reclaimer has stopped. It soon is in the oldest generation.
/// Source: .NET's own <c>Gen2GcCallback</c>.
/// </summary>
internal sealed class CollectionWatch
{
    private readonly BackgroundReclaimer _reclaimer;

    private CollectionWatch(BackgroundReclaimer reclaimer) => _reclaimer = reclaimer;

    ~CollectionWatch()
    {
        if (_reclaimer.LookSoon())
            GC.ReRegisterForFinalize(this);
    }

    /// <summary>From now on the reclaimer is told.</summary>
    public static void Start(BackgroundReclaimer reclaimer) => _ = new CollectionWatch(reclaimer);
}
