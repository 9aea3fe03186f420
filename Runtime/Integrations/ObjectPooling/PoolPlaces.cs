using System.Diagnostics.CodeAnalysis;
using FolioRuntime.Primitives;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// The places of a bounded pool. A semaphore of the framework's hands each place that is left to the call that has waited longest, under its own lock, so nobody overtakes and no
/// wake-up is lost; a call that is cancelled as it gets one has it. It doesn't end by itself: the token of the pool's end does that.
/// </summary>
internal sealed class PoolPlaces : IDisposable
{
    [SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "It holds nothing of the system's, and places are left after the pool's end too.")]
    private readonly SemaphoreSlim _free;
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _ended;
    private readonly StripedCounter _waiting = new();
    private readonly StripedCounter _rejected = new();

    // Writers: Dispose. From 0 to 1 once: that dispose tells the calls, and no other touches what tells them any more.   [object-pool-disposed-by-two]
    private uint _disposed;

    public PoolPlaces(int count, CancellationToken runtimeEnd)
    {
        _free = new SemaphoreSlim(count, count);
        _end = CancellationTokenSource.CreateLinkedTokenSource(runtimeEnd);
        _ended = _end.Token;
    }

    /// <summary>Calls that wait.</summary>
    public long Waiting => _waiting.Value;

    /// <summary>Calls that found no place and did not wait.</summary>
    public long Rejected => _rejected.Value;

    /// <summary>Takes a place if one is free. Never waits.</summary>
    public bool TryEnter(bool countsRejection = true)
    {
        if (_free.Wait(0, CancellationToken.None))
            return true;
        if (countsRejection)
            _rejected.Add();
        return false;
    }

    /// <summary>Waits for a place. False: the pool has ended. Throws when the token is cancelled.</summary>
    public async Task<bool> Enter(CancellationToken cancellationToken)
    {
        _waiting.Add();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended);
        try
        {
            await _free.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            if (!_ended.IsCancellationRequested)
                cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        finally
        {
            _waiting.Add(-1);
        }
    }

    public void Leave() => _free.Release();

    /// <summary>Every call that waits, and every one to come, is told that the pool has ended.</summary>
    public void Dispose()
    {
        if (Atomics.Exchange(ref _disposed, 1) != 0)
            return;
        _end.Cancel();
        _end.Dispose();
    }
}
