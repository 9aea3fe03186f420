using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

/// <summary>Reading without a reference.</summary>
[TestFixture(32)]
[TestFixture(3)]
public class FolioReadTests(int generationBits) : FolioFixture(generationBits)
{
    [Test]
    public void CopiesWhatIsThere_AndWritesNoSharedMemory()
    {
        using var folio = Folios.Allocate(new PageOrder(1));
        folio.Bytes[8000] = 9;
        var before = Pages.Frames.Frame(folio.Handle.Frame).Word;
        var copy = new byte[192];
        Assert.That(Folios.TryRead(folio.Handle, 8000, copy), Is.True);
        Assert.That(copy[0], Is.EqualTo(9));
        Assert.That(Pages.Frames.Frame(folio.Handle.Frame).Word, Is.EqualTo(before));
    }

    [TestCase(8192, 1)]
    [TestCase(8190, 3)]
    [TestCase(0, 8193)]
    [TestCase(-1, 1)]
    [TestCase(int.MaxValue, 1)]
    public void ARangeOutsideALiveFolioIsMisuse(int offsetBytes, int lengthBytes)
    {
        using var folio = Folios.Allocate(new PageOrder(1));
        var handle = folio.Handle;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Folios.TryRead(handle, offsetBytes, new byte[lengthBytes]))!;
        Assert.That((error.ParamName, error.ActualValue), Is.EqualTo((nameof(offsetBytes), (object)offsetBytes)));
    }

    [Test]
    public void ANegativeOffsetIsMisuse_WhateverTheHandle() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Folios.Read(Freed(), -1, new byte[1]));

    [Test]
    public void ARangeOutsideADeadFolioIsJustStale_AndTheDestinationIsCleared()
    {
        var copy = new byte[] { 1, 2, 3 };
        Assert.That(Folios.Read(Freed(), 10_000, copy), Is.EqualTo(FolioOutcome.Stale));
        Assert.That(copy, Is.All.Zero);
        Assert.That(Folios.Statistics.StaleRejected, Is.EqualTo(1));
    }

    [Test]
    public void Hazard16_WhileContentChangesReadsSayTryAgain_AndTheDestinationIsCleared()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        var copy = new byte[] { 1, 2, 3 };
        using (folio.BeginWrite())
        {
            folio.Bytes.Fill(5);
            Assert.That(Folios.Read(folio.Handle, 0, copy), Is.EqualTo(FolioOutcome.TryAgain));
            Assert.That(copy, Is.All.Zero);
        }

        Assert.That(Folios.Read(folio.Handle, 0, copy), Is.EqualTo(FolioOutcome.Done));
        Assert.That(copy, Is.All.EqualTo(5));
    }

    [Test]
    public void ASecondWriterIsRefused()
    {
        using var folio = Folios.Allocate(new PageOrder(0));
        using var write = folio.BeginWrite();
        var thrown = false;
        try
        {
            folio.BeginWrite();
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        Assert.That(thrown, Is.True);
    }

    /// <summary>Readers must never see two fillings at once while a writer changes the content in place.</summary>
    [Test]
    public void Hazard16_ReadersSeeOneContentAtATime()
    {
        const int Reads = 20_000;
        var handle = Folios.Rent(new PageOrder(0));
        var readersLeft = 2;
        long validated = 0;
        TestThreads.Run(3, thread =>
        {
            if (thread != 0)
            {
                Span<byte> copy = stackalloc byte[256];
                for (var i = 0; i < Reads; i++)
                {
                    if (!Folios.TryRead(handle, 0, copy))
                        continue;
                    Assert.That(copy.IndexOfAnyExcept(copy[0]), Is.EqualTo(-1), "a torn content was validated");
                    Interlocked.Increment(ref validated);
                }

                Interlocked.Decrement(ref readersLeft);
                return;
            }

            Folios.TryGet(handle, out var folio);

            // Ends: the readers have so many reads to try.
            for (var i = 0; Volatile.Read(ref readersLeft) > 0; i++)
            {
                using (folio.BeginWrite())
                    folio.Bytes[..256].Fill((byte)i);

                // Leaves readers a moment: a content that always changes is never read.
                Thread.SpinWait(50);
            }

            folio.Dispose();
        });
        TestContext.Out.WriteLine($"{validated} of {2 * Reads} reads validated");
        Folios.Return(handle);
    }

    /// <summary>A few frames change hands all the time; a validated read must show the bytes of the handle's own folio.</summary>
    [Test]
    public void Hazard15_Hazard17_ReadersNeverTakeASuccessorsBytes_EvenWhereMemoryIsDiscarded()
    {
        const int Reads = 20_000;
        Create(frames: 6, maxOrder: 1, threadListCapacity: 2);
        ulong current = 0;
        var readersLeft = 2;
        long validated = 0;
        TestThreads.Run(3, thread =>
        {
            if (thread == 0)
            {
                // Ends: the readers have so many reads to try. With few generations the frames wear out before.
                for (var i = 0; Volatile.Read(ref readersLeft) > 0; i++)
                    Replace(ref current, i);
                return;
            }

            Span<byte> copy = stackalloc byte[512];
            for (var i = 0; i < Reads; i++)
            {
                var handle = Unpack(Volatile.Read(ref current));
                if (!Folios.TryRead(handle, 0, copy))
                    continue;
                for (var at = 0; at < copy.Length; at += 8)
                    Assert.That(BitConverter.ToUInt64(copy[at..]) == Stamp(handle), Is.True, "a stranger's bytes were validated");
                Interlocked.Increment(ref validated);
            }

            Interlocked.Decrement(ref readersLeft);
        });
        if (current != 0)
            Folios.Return(Unpack(current));
        TestContext.Out.WriteLine($"{validated} of {2 * Reads} reads validated, over {Folios.Statistics.Allocated} folios");
    }

    private void Replace(ref ulong current, int round)
    {
        if (!Folios.TryRent(new PageOrder(round % 2), out var handle))
            return;
        Folios.TryGet(handle, out var folio);
        for (var at = 0; at < 512; at += 8)
            BitConverter.TryWriteBytes(folio.Bytes[at..], Stamp(handle));
        folio.Dispose();
        var old = Volatile.Read(ref current);
        Volatile.Write(ref current, Pack(handle));
        if (old != 0)
            Folios.Return(Unpack(old));
        if (round % 64 == 0)
            Pages.Trim();
    }

    private static ulong Pack(FolioHandle handle) => ((ulong)handle.Frame << 32) | handle.Generation;

    private static FolioHandle Unpack(ulong packed) => new((uint)(packed >> 32), (uint)packed);

    private static ulong Stamp(FolioHandle handle) => Pack(handle) * 0x9E37_79B9_7F4A_7C15;
}
