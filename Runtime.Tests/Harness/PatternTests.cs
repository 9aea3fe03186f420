using System.Buffers;
using FolioRuntime.Harness;
using NUnit.Framework;

namespace FolioRuntime.Tests.Harness;

/// <summary>Bodies that both ends know: any part is the same as within the whole, and every byte that is wrong is counted.</summary>
internal sealed class PatternTests
{
    [Test]
    public void A_part_is_what_it_is_within_the_whole([Values(0, 1, 7, 8, 13, 1000)] int offset, [Values(0, 1, 8, 9, 3000)] int length)
    {
        var whole = new byte[8192];
        Pattern.Fill(42, 0, whole);
        var part = new byte[length];
        Pattern.Fill(42, offset, part);
        Assert.That(part.AsSpan().SequenceEqual(whole.AsSpan(offset, length)), Is.True);
        Assert.That(Pattern.CountWrong(42, offset, part), Is.Zero);
    }

    [Test]
    public void Each_wrong_byte_counts_once()
    {
        var body = new byte[5000];
        Pattern.Fill(7, 3, body);
        foreach (var index in (int[])[0, 8, 1023, 1024, 4999])
            body[index] ^= 0x10;
        Assert.That(Pattern.CountWrong(7, 3, body), Is.EqualTo(5));
        Assert.That(Pattern.CountWrong(7, 3, new ReadOnlySequence<byte>(body)), Is.EqualTo(5));
    }

    [Test]
    public void Another_body_or_place_is_wrong_nearly_everywhere()
    {
        var body = new byte[10_000];
        Pattern.Fill(7, 0, body);
        Assert.That(Pattern.CountWrong(8, 0, body), Is.GreaterThan(9_800));
        Assert.That(Pattern.CountWrong(7, 4096, body), Is.GreaterThan(9_800));
    }
}
