using FolioRuntime.Harness;

namespace FolioRuntime.Scale.Plays;

/// <summary>A worker whose work is done by threads of short lives, one after the other, each on the worker's processor.</summary>
internal static class Successors
{
    /// <param name="worker">The worker.</param>
    /// <param name="stop">No thread follows after it.</param>
    /// <param name="live">One thread's life, by its number from 0. Returns the operations done.</param>
    /// <returns>All operations.</returns>
    public static long Run(int worker, StopSignal stop, Func<ulong, long> live)
    {
        long operations = 0;
        ulong number = 0;
        do
        {
            ThreadTeam.Run(1, _ =>
            {
                ThreadPinning.PinToProcessorOf(worker);
                operations += live(number++);
            });
        }
        while (!stop.IsSet);
        return operations;
    }
}
