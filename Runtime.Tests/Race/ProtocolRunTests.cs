using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Workloads;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>A run over protocols that are broken on purpose: whatever they do, it ends and says so.</summary>
internal sealed class ProtocolRunTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Test]
    public void A_protocol_that_throws_is_violated_and_the_run_ends()
    {
        var result = Run(inner => new Broken(inner) { Throws = true });
        Assert.That(result.Violations, Is.Positive);
        Assert.That(result.FirstViolation, Does.Contain("planted"));
    }

    [Test]
    public void Hazard14_a_protocol_that_accepts_stale_handles_is_violated()
    {
        var result = Run(inner => new Broken(inner) { IgnoresGenerations = true });
        Assert.That(result.Violations, Is.Positive);
        Assert.That(result.Strangers, Is.Positive);
    }

    [Test]
    public void A_protocol_that_forgets_to_destroy_is_violated()
    {
        var result = Run(inner => new Broken(inner) { ForgetsPuts = true });
        Assert.That(result.Violations, Is.Positive);
    }

    [TestCase("two-putters")]
    [TestCase("speculative")]
    [TestCase("stale-handles")]
    [TestCase("rent-return")]
    public void The_runtime_is_clean_for_a_round_and_meets_stale_handles(string scenario)
    {
        using var run = new ProtocolRun(ProtocolCatalog.Subject, ScenarioCatalog.Find(scenario), threads: 3, seed: 5);
        run.Run(TimeSpan.Zero, _ => { }, CancellationToken.None);
        Assert.That(run.Result.Violations, Is.Zero, run.Result.FirstViolation);
        Assert.That(run.Result.Operations, Is.Positive);
        Assert.That(run.Result.StaleRejected, Is.Positive);
        Assert.That(run.Result.Recycles, Is.Positive);
    }

    // Until it is caught, which a round may be too short for.
    private static FolioRuntime.Race.Results.UnitResult Run(Func<IProtocol, IProtocol> spoil)
    {
        var entry = new ProtocolEntry("broken", ProtocolRole.Subject, "", (slots, witness) => spoil(ProtocolCatalog.Find("kernel-v4").Create(slots, witness)));
        using var run = new ProtocolRun(entry, ScenarioCatalog.Find("stale-handles"), threads: 2, seed: 3);
        using var caught = new CancellationTokenSource();
        run.Run(s_patience, result => CancelIf(result.Violations > 0), caught.Token);
        return run.Result;

        void CancelIf(bool isCaught)
        {
            if (isCaught)
                caught.Cancel();
        }
    }

    // Over a control, whose handles have no generation: as a subject it is violated by every stranger.
    private sealed class Broken(IProtocol inner) : IProtocol
    {
        private int _calls;

        public bool Throws { get; init; }

        public bool ForgetsPuts { get; init; }

        public bool IgnoresGenerations { get; init; }

        public WordRange Words => inner.Words;

        public Token? TryAllocate(int type, long id) => inner.TryAllocate(type, id);

        public Token? TryRent(int type, long id) => inner.TryRent(type, id);

        public bool Peek(Token token) => inner.Peek(token);

        public bool TryGet(Token token)
        {
            if (Throws && Interlocked.Increment(ref _calls) == 100)
                throw new InvalidDataException("planted");
            return IgnoresGenerations && inner.TryGet(token);
        }

        public Span<byte> Content(Token token) => inner.Content(token);

        public void Put(Token token, int type)
        {
            if (!ForgetsPuts || Interlocked.Increment(ref _calls) != 100)
                inner.Put(token, type);
        }

        public void Return(Token token) => inner.Return(token);

        public void Settle() => inner.Settle();

        public void Dispose() => inner.Dispose();
    }
}
