using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

public sealed class SlabHandleTests
{
    [Test]
    public void Handles_are_equal_when_slot_and_life_are()
    {
        var handle = new SlabHandle(3, 7);
        Assert.Multiple(() =>
        {
            Assert.That(handle == new SlabHandle(handle.ToUInt64()), Is.True);
            Assert.That(handle != new SlabHandle(3, 8), Is.True);
            Assert.That(handle.Equals((object)new SlabHandle(4, 7)), Is.False);
            Assert.That(handle.Equals("handle"), Is.False);
            Assert.That(handle.GetHashCode(), Is.EqualTo(new SlabHandle(3, 7).GetHashCode()));
            Assert.That(handle.ToString(), Is.EqualTo("slot 3, generation 7"));
        });
    }

    [Test]
    public void So_are_typed_ones()
    {
        var number = new SlabHandle(3, 7).ToUInt64();
        var handle = new SlabHandle<long>(number);
        Assert.Multiple(() =>
        {
            Assert.That(handle == new SlabHandle<long>(number), Is.True);
            Assert.That(handle != new SlabHandle<long>(number + 1), Is.True);
            Assert.That(handle.Equals((object)new SlabHandle<long>(number)), Is.True);
            Assert.That(handle.Equals((object)new SlabHandle(3, 7)), Is.False, "another type's");
            Assert.That(handle.GetHashCode(), Is.EqualTo(new SlabHandle<long>(number).GetHashCode()));
            Assert.That(handle.ToString(), Does.Contain("slot 3, generation 7"));
        });
    }

    [Test]
    public void A_reference_to_nothing_has_no_content_and_nothing_to_give_back()
    {
        default(SlabReference).Dispose();
        default(SlabReference<long>).Dispose();
        Assert.That(default(SlabReference).Bytes.IsEmpty, Is.True);
        Assert.Throws<InvalidOperationException>(() => _ = default(SlabReference<long>).Value);
    }
}
