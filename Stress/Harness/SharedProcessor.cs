namespace FolioRuntime.Harness;

/// <summary>
/// The processor on which threads of which only one moves at a time take turns: a second processor would only have to be woken at each step, which takes
/// three times as long. Groups that live at the same time get different ones, as far as there are.
/// </summary>
public sealed class SharedProcessor : IDisposable
{
    private static readonly Lock s_lock = new();
    private static readonly int[] s_groups = new int[Environment.ProcessorCount];

    private readonly int _number;

    /// <summary>Takes the processor that the fewest have taken.</summary>
    public SharedProcessor()
    {
        lock (s_lock)
        {
            _number = Array.IndexOf(s_groups, s_groups.Min());
            s_groups[_number]++;
        }
    }

    /// <summary>Keeps the calling thread there.</summary>
    public void Pin() => ThreadPinning.PinToProcessorOf(_number);

    /// <inheritdoc />
    public void Dispose()
    {
        lock (s_lock)
            s_groups[_number]--;
    }
}
