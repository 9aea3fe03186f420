namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// S3-FIFO: a small queue that new pages must pass by being used twice, a main queue in which used pages go round, and ghosts of what the small queue gave up, which come
/// back into the main one. Yang and others, "FIFO queues are all you need for cache eviction", SOSP 2023.
/// </summary>
internal sealed class S3FifoPolicy : ReplacementPolicy
{
    private const int Small = 0;
    private const int Main = 1;
    private const int SmallPart = 10;
    private const byte MostUses = 3;
    private const byte UsesToPass = 2;

    private readonly NodeLists _lists;
    private readonly GhostQueue _ghosts;
    private readonly uint[] _fingerprints;
    private readonly byte[] _uses;
    private readonly int _smallTarget;

    public S3FifoPolicy(int capacityPages)
        : base(capacityPages)
    {
        _smallTarget = Math.Max(1, capacityPages / SmallPart);
        _lists = new NodeLists(capacityPages, lists: 2);
        _ghosts = new GhostQueue(capacityPages - _smallTarget);
        _fingerprints = new uint[capacityPages];
        _uses = new byte[capacityPages];
    }

    public override string Name => "s3-fifo";

    protected override void OnAdded(int page, ulong key)
    {
        _fingerprints[page] = Fingerprints.Of(key);
        _lists.SetPages(page, PagesOf(page));
        _uses[page] = 0;
        _lists.AddFirst(_ghosts.TryTake(_fingerprints[page], out _) ? Main : Small, page);
    }

    protected override void OnAccessed(int page) => _uses[page] = (byte)Math.Min(MostUses, _uses[page] + 1);

    protected override int ChooseVictim()
    {
        // Ends: every step takes a page out of the small queue for good, or a use from a page of the main one.
        while (true)
        {
            var isSmall = _lists.Count(Small) >= _smallTarget || _lists.Count(Main) == 0;
            var page = _lists.Last(isSmall ? Small : Main);
            if (isSmall ? _uses[page] < UsesToPass : _uses[page] == 0)
                return page;
            _uses[page] = isSmall ? (byte)0 : (byte)(_uses[page] - 1);
            _lists.MoveFirst(Main, page);
        }
    }

    protected override void OnKept(int page) => _lists.MoveFirst(_lists.ListOf(page), page);

    protected override void OnRemoved(int page, bool reclaimed)
    {
        if (reclaimed && _lists.IsIn(Small, page))
            _ghosts.Add(_fingerprints[page]);
        _lists.Remove(page);
    }
}
