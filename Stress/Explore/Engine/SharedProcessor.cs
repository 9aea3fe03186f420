using FolioRuntime.Harness;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// The processor on which one explorer's threads take turns. At any time only one of them moves, so a second processor would only have to be woken at each
/// step, which takes three times as long. Explorers that run at the same time get different ones, as far as there are.
/// </summary>
internal sealed class SharedProcessor : IDisposable
{
    private static readonly Lock s_lock = new();
    private static readonly int[] s_explorers = new int[Environment.ProcessorCount];

    private readonly int _number;

    public SharedProcessor()
    {
        lock (s_lock)
        {
            _number = Array.IndexOf(s_explorers, s_explorers.Min());
            s_explorers[_number]++;
        }
    }

    /// <summary>Keeps the calling thread there.</summary>
    public void Pin() => ThreadPinning.PinToProcessorOf(_number);

    public void Dispose()
    {
        lock (s_lock)
            s_explorers[_number]--;
    }
}
