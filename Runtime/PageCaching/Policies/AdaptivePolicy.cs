namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// The default: LIRS with a queue as long as the pages want it. A ghost that comes back in the stack says that a longer queue might have kept its page, and makes it longer; a page that
/// the queue's growth pushed out of the low ones, and that is used, makes it shorter; each by how rare its kind is. So a loop or a scan has the short queue of LIRS, and
/// pages that are used twice within a while have time for it. After Li, "DLIRS: improving low inter-reference recency set cache replacement policy with dynamics", SYSTOR 2018.
/// </summary>
internal sealed class AdaptivePolicy : LirsPolicy
{
    // At most a fifth of the cache: beyond it, the traces tried lose more low pages than the queue gains.
    private const int LongestQueuePart = 5;

    private readonly double _shortest;
    private readonly double _longest;
    private double _queueTarget;

    public AdaptivePolicy(int capacityPages)
        : base(capacityPages)
    {
        _shortest = Math.Max(1, capacityPages / QueuePart);
        _longest = Math.Max(_shortest, capacityPages / LongestQueuePart);
        _queueTarget = _shortest;
    }

    public override string Name => "adaptive";

    private protected override void OnGhostHit() => Move(Math.Max(1, (double)DemotedCount / Math.Max(1, GhostCount)));

    private protected override void OnDemotedHit() => Move(-Math.Max(1, (double)GhostCount / Math.Max(1, DemotedCount)));

    private void Move(double pages)
    {
        _queueTarget = Math.Clamp(_queueTarget + pages, _shortest, _longest);
        LowTarget = Math.Max(1, CapacityPages - (int)_queueTarget);
    }
}
