extern alias instrumented;

using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// A thread that does not come through what it does: at its n-th access through the seam it is ended by an exception, or it stands
/// there for ever. Other threads pass through undisturbed. One at a time.
/// </summary>
internal sealed class Victim : SeamObserver, IDisposable
{
    // A schedule that deadlocks fails the test instead of hanging it; nothing that works takes this long.
    private static readonly TimeSpan s_deadlocked = TimeSpan.FromSeconds(60);

    private readonly Action _action;
    private readonly Func<SeamRegion, SeamOperation, nint, bool> _isPoint;
    private readonly bool _stands;
    private readonly SemaphoreSlim _halted = new(0);
    private readonly SemaphoreSlim _release = new(0);
    private readonly Thread _thread;
    private int _pointsLeft;
    private int _latches;
    private nint _biased;
    private (SeamOperation Operation, nint Address) _last;

    /// <param name="action">What it is to do.</param>
    /// <param name="point">At which of the points it ends or stands, from 1.</param>
    /// <param name="stands">It stands instead of ending.</param>
    /// <param name="isPoint">Which accesses are points.</param>
    public Victim(Action action, int point, bool stands, Func<SeamRegion, SeamOperation, nint, bool> isPoint)
    {
        _action = action;
        _pointsLeft = point;
        _stands = stands;
        _isPoint = isPoint;
        _thread = new Thread(Live) { IsBackground = true };
    }

    /// <summary>Whether it met its point; else its action ran to the end.</summary>
    public bool IsStruck { get; private set; }

    /// <summary>The access that it was struck at.</summary>
    public string Place { get; private set; } = "nowhere";

    /// <summary>What else the action threw.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Lets it live until it has ended or stands.</summary>
    public void Run()
    {
        Current = this;
        _thread.Start();
        if (!_halted.Wait(s_deadlocked))
            throw new FaultFoundException("the victim neither ends nor stands");
        if (!_stands || !IsStruck)
            Join();
    }

    public override void Before(SeamOperation operation, nint address)
    {
        if (Thread.CurrentThread != _thread || IsStruck)
            return;
        var region = RegionOf(operation, address);
        _last = (operation, address);
        if (operation == SeamOperation.Spin || !_isPoint(region, operation, address) || --_pointsLeft > 0)
            return;
        IsStruck = true;
        Place = $"before {operation} ({region})";
        if (_stands)
        {
            _halted.Release();
            _release.Wait();
        }

        throw new ThreadEndedException();
    }

    public override void After(SeamOperation operation, nint address, ulong before, ulong after)
    {
        if (Thread.CurrentThread != _thread)
            return;
        if (operation == SeamOperation.LatchEnter)
            _latches++;
        else if (operation == SeamOperation.LatchLeave)
            _latches--;
        else if (operation == SeamOperation.StoreRelease && address == _biased)
            _biased = 0;
    }

    /// <summary>A victim that stands is ended, so that its thread doesn't outlive the test.</summary>
    public void Dispose()
    {
        _release.Release();
        Join();
        Current = null;
        _halted.Dispose();
        _release.Dispose();
    }

    // The owner of a biased latch announces itself in one word and looks at the next.
    private SeamRegion RegionOf(SeamOperation operation, nint address)
    {
        if (operation == SeamOperation.LoadAcquire && _last.Operation == SeamOperation.StoreRelease && address == _last.Address + sizeof(uint))
            _biased = _last.Address;
        return _latches > 0 ? SeamRegion.Latched : _biased != 0 ? SeamRegion.Biased : SeamRegion.Outside;
    }

    private void Live()
    {
        try
        {
            _action();
        }
        catch (ThreadEndedException)
        {
            // As it was to be.
        }
        catch (Exception exception)
        {
            Failure = exception;
        }

        _halted.Release();
    }

    private void Join()
    {
        if (!_thread.Join(s_deadlocked))
            throw new FaultFoundException("the victim doesn't end");
    }
}
