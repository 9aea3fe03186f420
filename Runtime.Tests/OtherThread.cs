namespace FolioRuntime.Tests;

/// <summary>
/// Runs an action on a thread of its own and waits until it is done; the thread itself stays until disposed, so that what it keeps to
/// itself stays too. Exceptions come out of the constructor, or of Dispose when it was not waited for.
/// </summary>
public sealed class OtherThread : IDisposable
{
    private readonly ManualResetEventSlim _done = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private Exception? _failure;

    public OtherThread(Action action, bool join = true)
    {
        _thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            _done.Set();
            _end.Wait();
        })
        { IsBackground = true };
        _thread.Start();
        if (join)
        {
            _done.Wait();
            if (_failure is not null)
            {
                Dispose();
            }
        }
    }

    public void Dispose()
    {
        _done.Wait();
        _end.Set();
        _thread.Join();
        if (_failure is { } failure)
        {
            _failure = null;
            throw new InvalidOperationException("The other thread failed.", failure);
        }
    }
}
