using FolioRuntime.Serve;
using FolioRuntime.Serve.Servers;
using NUnit.Framework;

namespace FolioRuntime.Tests.Serve;

/// <summary>What folio-serve holds against a pool.</summary>
internal sealed class FaultTests
{
    private static readonly ServerStatus s_right = new(Requests: 100, HeldUploads: 0, BuffersInside: 50, BuffersOutside: 0, CorruptedBytes: 0, Violations: 0, Fallbacks: 0, AllocatedBytes: 1, Collections: 0);

    [Test]
    public void Nothing_is_wrong_with_what_is_right() => Assert.That(Of(ServedPool.Folio, s_right), Is.Empty);

    [Test]
    public void A_wrong_byte_a_failed_request_or_a_violation_is_held_against_each([Values] ServedPool pool)
    {
        Assert.That(PoolTrial.FaultsOf(pool, 1, 0, null, s_right, isCutShort: true), Has.Some.Contains("1 wrong bytes"));
        Assert.That(PoolTrial.FaultsOf(pool, 0, 2, "echo: gone", s_right, isCutShort: true), Has.Some.Contains("2 requests failed, first echo: gone"));
        Assert.That(Of(pool, s_right with { Violations = 3 }), Has.Some.Contains("3 violations"));
    }

    [Test]
    public void Bytes_from_elsewhere_are_held_against_who_claims_them_to_be_the_runtimes()
    {
        var elsewhere = s_right with { BuffersInside = 0, BuffersOutside = 50 };
        Assert.That(Of(ServedPool.Default, elsewhere), Is.Empty);
        Assert.That(Of(ServedPool.Claimed, elsewhere), Has.Some.Contains("50 of 50 buffers not in the runtime's memory"));
        Assert.That(Of(ServedPool.Folio, s_right with { BuffersOutside = 1 }), Has.Some.Contains("1 of 51"));
    }

    [Test]
    public void Arrays_in_place_of_blocks_are_a_reason_for_bytes_elsewhere() =>
        Assert.That(Of(ServedPool.Folio, s_right with { BuffersOutside = 1, Fallbacks = 1 }), Is.Empty);

    [Test]
    public void Nothing_looked_at_proves_nothing()
    {
        var unseen = s_right with { BuffersInside = 0 };
        Assert.That(Of(ServedPool.Folio, unseen), Has.Some.Contains("no buffer seen"));
        Assert.That(PoolTrial.FaultsOf(ServedPool.Folio, 0, 0, null, unseen, isCutShort: true), Is.Empty);
    }

    private static IReadOnlyList<string> Of(ServedPool pool, ServerStatus status) => PoolTrial.FaultsOf(pool, 0, 0, null, status, isCutShort: false);
}
