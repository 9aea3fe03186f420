using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

public sealed class SlabHandleTests
{
    [Test]
    public void Handles_are_equal_exactly_if_slot_and_life_are()
    {
        var handle = new SlabHandle(3, 7);
        foreach (var (other, equal) in new[] { (new SlabHandle(3, 7), true), (new SlabHandle(4, 7), false), (new SlabHandle(3, 8), false), (default, false) })
        {
            Assert.That((handle == other, handle != other, handle.Equals(other), handle.Equals((object)other)), Is.EqualTo((equal, !equal, equal, equal)));
            Assert.That(handle.GetHashCode() == other.GetHashCode(), Is.EqualTo(equal));
        }

        Assert.That(handle.Equals((object)handle.ToUInt64()), Is.False, "a number is no handle");
        Assert.That(new SlabHandle(handle.ToUInt64()), Is.EqualTo(handle));
        Assert.That((handle.Index, handle.Generation, handle.ToString()), Is.EqualTo((3u, 7u, "slot 3, generation 7")));
    }

    [Test]
    public void Typed_handles_are_equal_exactly_if_slot_and_life_are()
    {
        var handle = new SlabHandle<long>(3, 7);
        foreach (var (other, equal) in new[] { (new SlabHandle<long>(3, 7), true), (new SlabHandle<long>(4, 7), false), (new SlabHandle<long>(3, 8), false), (default, false) })
        {
            Assert.That((handle == other, handle != other, handle.Equals(other), handle.Equals((object)other)), Is.EqualTo((equal, !equal, equal, equal)));
            Assert.That(handle.GetHashCode() == other.GetHashCode(), Is.EqualTo(equal));
        }

        Assert.That(handle.Equals((object)new SlabHandle<int>(3, 7)), Is.False, "another type's handle");
        Assert.That(new SlabHandle<long>(handle.ToUInt64()), Is.EqualTo(handle));
        Assert.That((handle.Index, handle.Generation, handle.ToString()), Is.EqualTo((3u, 7u, "slot 3, generation 7")));
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
