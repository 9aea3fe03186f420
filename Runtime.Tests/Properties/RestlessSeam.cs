extern alias instrumented;

using FolioRuntime.Harness;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Properties;

/// <summary>Holds threads up for a moment at random accesses, so that short histories overlap on few processors. There is one at a time.</summary>
internal sealed class RestlessSeam : SeamObserver, IDisposable
{
    private const int Every = 6;
    private const int LongestSpin = 200;

    [ThreadStatic]
    private static XorShift s_random;

    private readonly ulong _seed;

    public RestlessSeam(ulong seed)
    {
        _seed = seed;
        Current = this;
    }

    /// <summary>The calling thread is held up from now on.</summary>
    public void Join(int thread) => s_random = new XorShift(_seed, thread);

    public override void Before(SeamOperation operation, nint address)
    {
        if (!s_random.IsSeeded || !s_random.OnceIn(Every))
            return;
        if (s_random.OnceIn(4))
            Thread.Yield();
        else
            Thread.SpinWait((int)s_random.Below(LongestSpin));
    }

    public void Dispose() => Current = null;
}
