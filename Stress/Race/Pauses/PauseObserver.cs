extern alias instrumented;

using FolioRuntime.Harness;
using FolioRuntime.Race.Protocols;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Race.Pauses;

/// <summary>
/// Makes threads stop for a while between two accesses to shared words, where races live. Each thread draws its pauses
/// from (seed, thread), the same for every protocol. Most are spins about as long as another thread's few operations;
/// some give the processor away, so that the stall outlasts many. They are likelier before a compare-exchange than before
/// another access, because that is where an operand read earlier may be out of date.
/// </summary>
internal sealed class PauseObserver(ulong seed) : SeamObserver
{
    // One access in so many is preceded by a pause.
    private const int Every = 12;
    private const int EveryCompareExchange = 3;

    private const int LongestSpin = 512;

    [ThreadStatic]
    private static XorShift s_random;

    private IProtocol? _watched;
    private long _refused;

    /// <summary>The calling thread is paused from now on, by its own stream. Threads that don't join are never paused.</summary>
    public void Join(int thread) => s_random = new XorShift(seed ^ 0x5041555345, thread);

    /// <summary>The calling thread is not paused any more.</summary>
    public static void Leave() => s_random = default;

    /// <summary>Failed compare-exchanges that would have succeeded on an untagged counter.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Counts <see cref="Refused"/> on the words of this protocol.</summary>
    public void Watch(IProtocol protocol) => _watched = protocol;

    public override void After(SeamOperation operation, nint address, ulong before, ulong after)
    {
        if (operation == SeamOperation.CompareExchange && before == after
            && _watched is { } protocol && protocol.Words.SlotAt(address) >= 0 && protocol.WouldFoolUntagged(before))
        {
            Interlocked.Increment(ref _refused);
        }
    }

    public override void Before(SeamOperation operation, nint address)
    {
        if (s_random.IsSeeded && s_random.OnceIn(operation == SeamOperation.CompareExchange ? EveryCompareExchange : Every))
            Pause();
    }

    private static void Pause()
    {
        switch (s_random.Below(16))
        {
            case 0:
                Thread.Sleep(0);
                break;
            case < 5:
                Thread.Yield();
                break;
            default:
                Thread.SpinWait(1 + s_random.Below(LongestSpin));
                break;
        }
    }
}
