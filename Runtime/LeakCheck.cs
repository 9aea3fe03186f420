using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime;

/// <summary>
/// Fails a test that leaked, by an exception, which every test framework takes for a failure. What is out when the check begins is not its matter; what is rented after that must be back
/// when it ends. For tests that have the runtime to themselves: what others rent meanwhile counts too. With <see cref="Slabs.SlabCacheOptions.LeakSampleInterval"/> 1 each leak
/// is named with who rented it; an object pool's lost objects are noticed only then. All members may be called from any thread.
/// <code>
///   using var leaks = new LeakCheck(runtime);       or    LeakCheck.Run(runtime, () => …), which leaves an exception of the test itself to be seen
/// </code>
/// </summary>
public sealed class LeakCheck : IDisposable
{
    private static readonly TimeSpan s_defaultPatience = TimeSpan.FromSeconds(1);

    private readonly PoolRuntime _runtime;
    private readonly TimeSpan _patience;
    private readonly LeakReport _before;
    private readonly Latch _latch = new();

    // Under the latch.
    private readonly List<Leak> _lost = [];
    private uint _ended;

    /// <summary>Begins a check.</summary>
    /// <param name="runtime">What is checked. Disposed after the check, not before.</param>
    /// <param name="patience">How long returns on other threads may take when the check ends, in real time. Default: a second. Nobody waits where all is back.</param>
    public LeakCheck(PoolRuntime runtime, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        _patience = patience ?? s_defaultPatience;
        ArgumentOutOfRangeException.ThrowIfLessThan(_patience, TimeSpan.Zero, nameof(patience));
        _runtime = runtime;
        CollectGarbage();
        _before = runtime.StillOut();
        runtime.ViolationDetected += Note;
    }

    /// <summary>Runs a test and checks it. What the test throws passes through, and nothing is checked then.</summary>
    /// <param name="runtime">What is checked.</param>
    /// <param name="test">The test.</param>
    /// <exception cref="LeakException">The test leaked; its report says what.</exception>
    public static void Run(PoolRuntime runtime, Action test)
    {
        ArgumentNullException.ThrowIfNull(test);
        var check = new LeakCheck(runtime);
        try
        {
            test();
            check.RequireNone();
        }
        finally
        {
            check.End();
        }
    }

    /// <inheritdoc cref="Run"/>
    public static async Task RunAsync(PoolRuntime runtime, Func<Task> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        var check = new LeakCheck(runtime);
        try
        {
            await test().ConfigureAwait(false);
            await check.RequireNoneAsync().ConfigureAwait(false);
        }
        finally
        {
            check.End();
        }
    }

    /// <summary>Collects garbage, waits for what is on its way back, and throws if anything was leaked since the beginning. The check goes on.</summary>
    /// <exception cref="LeakException">Something was; the report says what.</exception>
    public void RequireNone() => RequireNoneAsync().GetAwaiter().GetResult();

    /// <summary>
    /// Ends the check, and throws as <see cref="RequireNone"/> does. In a <c>using</c> an exception of the test itself is then hidden by this one; <see cref="Run"/> and a
    /// framework's tear-down don't hide it. A second call does nothing.
    /// </summary>
    /// <exception cref="LeakException">Something was leaked; the report says what.</exception>
    public void Dispose()
    {
        if (Atomics.Exchange(ref _ended, 1) != 0)
            return;
        try
        {
            RequireNone();
        }
        finally
        {
            End();
        }
    }

    private Task RequireNoneAsync()
    {
        CollectGarbage();
        return ReturnWait.UntilNothingIsOut(Leaked, _patience, TimeProvider.System, CancellationToken.None);
    }

    private void End() => _runtime.ViolationDetected -= Note;

    private void Note(Violation violation)
    {
        if (violation.Leak is not { Reason: LeakReason.Unreachable } leak || IsIn(_before.Leaks, leak))
            return;
        using (_latch.Hold())
            _lost.Add(leak);
    }

    /// <summary>What was lost and what is out, without what was out before. An owner that was lost is out too, and told once.</summary>
    private LeakReport Leaked()
    {
        var now = _runtime.StillOut();
        Leak[] lost;
        using (_latch.Hold())
            lost = [.. _lost];
        return new LeakReport
        {
            Leaks = [.. lost, .. now.Leaks.Where(leak => !IsIn(_before.Leaks, leak) && !IsIn(lost, leak))],
            Unnamed = now.Unnamed.Select(pair => (pair.Key, Count: pair.Value - _before.Unnamed.GetValueOrDefault(pair.Key)))
                .Where(pair => pair.Count > 0).ToDictionary(pair => pair.Key, pair => pair.Count),
        };
    }

    private static bool IsIn(IEnumerable<Leak> leaks, Leak leak) =>
        leaks.Any(other => (other.Subject, other.Index, other.Generation) == (leak.Subject, leak.Index, leak.Generation));

    // Twice: what the finalizers of the first let go is garbage only then.
    private static void CollectGarbage()
    {
        for (var round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
