using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>Runs one scenario as often as it makes calls, and fails another call each time.</summary>
internal static class FaultSweep
{
    /// <summary>
    /// Runs the scenario once without failures, then with the n-th call failing for every n there is. The scenario makes
    /// the same calls up to the failing one in every run, and says itself what must hold when one fails.
    /// </summary>
    /// <returns>The number of calls that the undisturbed run made, hence of failures tried.</returns>
    public static long Run(Action<FaultInjectingMemory> scenario, bool failuresPersist = false, IVirtualMemory? inner = null)
    {
        inner ??= VirtualMemory.ForThisSystem();
        var counting = new FaultInjectingMemory(inner);
        scenario(counting);
        var calls = counting.CallCount;
        Assert.That(calls, Is.GreaterThan(0), "a scenario without calls tests nothing");
        for (var n = 1; n <= calls; n++)
        {
            var failing = new FaultInjectingMemory(inner) { FailingCall = n, FailuresPersist = failuresPersist };
            scenario(failing);
            Assert.That(failing.FailureCount, Is.GreaterThan(0), $"call {n} of {calls} was never made");
        }

        return calls;
    }
}
