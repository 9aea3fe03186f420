using System.Buffers;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Folios;

[TestFixture(32)]
[TestFixture(3)]
public class FolioOwnerTests(int generationBits) : FolioFixture(generationBits)
{
    [Test]
    public void ItsMemoryIsTheFolio()
    {
        using var owner = Folios.AllocateOwner(new PageOrder(1));
        Assert.That(owner.Memory.Length, Is.EqualTo(8192));
        owner.Memory.Span[100] = 4;
        Assert.That(Folios.TryGet(owner.Handle, out var reference), Is.True);
        Assert.That(reference.Bytes[100], Is.EqualTo(4));
        reference.Dispose();
    }

    [Test]
    public void ADoubleDisposeIsCountedAndHarmless()
    {
        IMemoryOwner<byte> owner = Folios.AllocateOwner(new PageOrder(0));
        owner.Dispose();
        var next = RentInPlaceOf(((FolioOwner)owner).Handle);
        owner.Dispose();
        Assert.That(Folios.TryGet(next, out var reference), Is.True, "the successor is untouched");
        reference.Dispose();
        Folios.Return(next);
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.DoubleDispose }));
    }

    [Test]
    public void RacingDisposesFreeOnce()
    {
        for (var round = 0; round < 200 && Folios.TryAllocateOwner(new PageOrder(0), out var owner); round++)
            TestThreads.Run(3, _ => ((IDisposable)owner).Dispose());
        Assert.That(Folios.Statistics.Alive, Is.Zero);
        Assert.That(Reported, Has.Count.EqualTo(2 * Folios.Statistics.Freed).And.All.EqualTo(ViolationKind.DoubleDispose));
    }

    [Test]
    public void MemoryKeptPastDisposeFails_AndNeverShowsAnothersBytes()
    {
        var owner = Folios.AllocateOwner(new PageOrder(0));
        var memory = owner.Memory;
        ((IDisposable)owner).Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = memory.Span);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
    }

    [Test]
    public unsafe void APinKeepsTheFolioPastDispose()
    {
        var owner = Folios.AllocateOwner(new PageOrder(0));
        owner.Memory.Span[8] = 6;
        using (var pin = owner.Memory[8..].Pin())
        {
            ((IDisposable)owner).Dispose();
            Assert.That(*(byte*)pin.Pointer, Is.EqualTo(6));
            Assert.That(Pages.AllocatedFrames, Is.EqualTo(1));
        }

        Assert.That(Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void AnUnpinTooManyTakesNobodysReference()
    {
        using var owner = Folios.AllocateOwner(new PageOrder(0));
        Folios.TryGet(owner.Handle, out var reference);
        owner.Pin().Dispose();
        owner.Unpin();
        Assert.That(Reported, Is.EqualTo(new List<ViolationKind> { ViolationKind.SurplusPut }));
        Assert.That(new LifetimeWord(Pages.Frames.Frame(owner.Handle.Frame).Word).References, Is.EqualTo(1u));
        reference.Dispose();
    }

    [Test]
    public void PinsOutsideTheFolioAreMisuse()
    {
        using var owner = Folios.AllocateOwner(new PageOrder(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => owner.Pin(4097));
        Assert.Throws<ArgumentOutOfRangeException>(() => owner.Pin(-1));
        owner.Pin(4096).Dispose();
    }

    [Test]
    public void ThereIsAnArrayBehindItExactlyWhereTheBackingHasOne([Values] bool pinnedArrays)
    {
        Create(memory: pinnedArrays ? new PinnedArrayMemory() : null);
        using var owner = Folios.AllocateOwner(new PageOrder(1));
        owner.Memory.Span[3] = 5;
        Assert.That(System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(owner.Memory, out var segment), Is.EqualTo(pinnedArrays));
        if (pinnedArrays)
            Assert.That((segment.Count, segment[3]), Is.EqualTo((8192, (byte)5)));
    }
}
