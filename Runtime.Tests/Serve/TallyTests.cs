using FolioRuntime.Serve.Clients;
using NUnit.Framework;

namespace FolioRuntime.Tests.Serve;

internal sealed class TallyTests
{
    [Test]
    public void Tallies_add_up_and_the_first_failure_can_be_printed()
    {
        var first = new Tally();
        first.NoteAnswer(RequestKind.Echo, microseconds: 10, corruptedBytes: 2);
        first.NoteAbort();
        var second = new Tally();
        second.NoteAnswer(RequestKind.Tls, microseconds: 1000, corruptedBytes: 0);
        second.NoteCorrupted(3);
        second.NoteFailure("tls: \0\u001b[2J" + new string('x', 1000));
        first.Merge(second);
        Assert.That((first.Requests, first.CorruptedBytes, first.Aborted, first.Failures), Is.EqualTo((2L, 5L, 1L, 1L)));
        Assert.That((first.Of(RequestKind.Echo), first.Of(RequestKind.Tls), first.Of(RequestKind.Abort)), Is.EqualTo((1L, 1L, 1L)));
        Assert.That(first.FirstFailure, Does.StartWith("tls: ??[2Jxxx").And.Length.EqualTo(200));
        Assert.That(first.Latencies.TotalCount, Is.EqualTo(2));
    }
}
