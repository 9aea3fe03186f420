using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Ranges that become zeros, in the cache and in the store.</summary>
[TestFixture]
public sealed class PageHoleTests : PageCacheFixture
{
    private const int Pages = 6;
    private const int LengthBytes = (Pages * PageBytes) - 100;

    private readonly byte[] _read = new byte[LengthBytes + 1];

    [Test]
    public void What_is_punched_reads_as_zeros_and_nothing_else_does(
        [Values(0, 1, 4000, 4096, 5000)] int offset, [Values(1, 96, 4096, 9000, 1_000_000)] int length, [Values] bool isCached, [Values(1, 512)] int alignment)
    {
        var cache = Create(Pages);
        var store = new TestStore(LengthBytes) { AlignmentBytes = alignment };
        var file = cache.Open(store);
        if (isCached)
            file.Read(0, _read);
        file.PunchHole(offset, length);
        Require(file, offset, length);
        Assert.That(store.LengthBytes, Is.EqualTo(LengthBytes));
        file.Invalidate(0, LengthBytes);
        Require(file, offset, length);
    }

    [Test]
    public void Dirty_pages_lose_what_is_punched_and_keep_the_rest()
    {
        var file = Create(Pages).Open(new TestStore(LengthBytes));
        var written = new byte[3 * PageBytes];
        written.AsSpan().Fill(0x77);
        file.Write(0, written);
        file.PunchHole(1000, 2 * PageBytes);
        Require();
        file.Flush();
        file.Invalidate(0, LengthBytes);
        Require();

        void Require()
        {
            file.Read(0, _read);
            Assert.That(_read.AsSpan(0, 1000).ContainsAnyExcept((byte)0x77), Is.False);
            Assert.That(_read.AsSpan(1000, 2 * PageBytes).ContainsAnyExcept((byte)0), Is.False);
            Assert.That(_read.AsSpan(1000 + (2 * PageBytes), PageBytes - 1000).ContainsAnyExcept((byte)0x77), Is.False);
        }
    }

    [Test]
    public void A_page_that_is_being_read_is_read_again()
    {
        var store = new TestStore(LengthBytes);
        var file = Create(Pages).Open(store);
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        var reading = file.ReadAsync(PageBytes, new byte[10]).AsTask();
        file.PunchHole(PageBytes + 5, 1000);
        gate.SetResult();
        reading.Wait();
        Require(file, PageBytes + 5, 1000);
    }

    [Test]
    public void A_page_that_is_held_stays_and_what_it_was()
    {
        var file = Create(Pages).Open(new TestStore(LengthBytes));
        using var held = file.GetFolio(1);
        file.PunchHole(PageBytes, PageBytes);
        RequireContent(held.Bytes, PageBytes);
        Assert.That(file.TryGetFolio(1, out _), Is.False);
    }

    [Test]
    public void Nothing_happens_beyond_the_end_and_without_a_length()
    {
        var store = new TestStore(LengthBytes);
        var file = Create(Pages).Open(store);
        file.PunchHole(LengthBytes, 5000);
        file.PunchHole(10, 0);
        Require(file, 0, 0);
        Assert.That(file.LengthBytes, Is.EqualTo(LengthBytes));
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        var file = Create(Pages).Open(new TestStore(LengthBytes));
        Assert.That(() => file.PunchHole(-1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => file.PunchHole(1, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        file.Dispose();
        Assert.That(() => file.PunchHole(0, 1), Throws.InstanceOf<ObjectDisposedException>());
    }

    private void Require(PageMapping file, int offset, int length)
    {
        Assert.That(file.Read(0, _read), Is.EqualTo(LengthBytes));
        var end = Math.Min(offset + length, LengthBytes);
        RequireContent(_read.AsSpan(0, offset), 0);
        Assert.That(_read.AsSpan(offset, end - offset).ContainsAnyExcept((byte)0), Is.False);
        RequireContent(_read.AsSpan(end, LengthBytes - end), end);
    }
}
