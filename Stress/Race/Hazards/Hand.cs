using FolioRuntime.Harness;
using FolioRuntime.Race.Pauses;

namespace FolioRuntime.Race.Hazards;

/// <summary>What one thread of a run carries: its number, its choices, its count of operations.</summary>
internal sealed class Hand(int index, ulong seed, PauseObserver pauses, Referee referee)
{
    private XorShift _random = new(seed, index);
    private int _children;

    public int Index { get; } = index;

    /// <summary>Calls into what is being tested. Written by this thread alone.</summary>
    public long Operations { get; set; }

    /// <summary>How many rounds have ended.</summary>
    public int Round { get; set; }

    /// <summary>A number in [0, <paramref name="limit"/>).</summary>
    public int Below(int limit) => _random.Below(limit);

    public bool OnceIn(int every) => _random.OnceIn(every);

    /// <summary>The calling thread is this hand's from now on, and is paused by its stream.</summary>
    public void Join() => pauses.Join(Index);

    /// <summary>Lets threads of their own do the work, each with a hand of its own, paused like all others, and waits until they have ended.</summary>
    public void Spawn(int threads, Action<Hand> work)
    {
        var children = Enumerable.Range(0, threads).Select(_ => new Hand(((++_children & 0xFFFF) << 10) + Index, seed, pauses, referee) { Round = Round }).ToList();
        var team = children.Select(child => new Thread(() => Body(child)) { IsBackground = true }).ToList();
        team.ForEach(thread => thread.Start());
        team.ForEach(thread => thread.Join());
        Operations += children.Sum(child => child.Operations);

        void Body(Hand child)
        {
            child.Join();
            child.Try(work);
        }
    }

    /// <summary>Does something; what it throws is a violation.</summary>
    public void Try(Action<Hand> work)
    {
        try
        {
            work(this);
        }
        catch (Exception exception)
        {
            referee.Report($"{exception.GetType().Name}: {exception.Message}");
        }
    }
}
