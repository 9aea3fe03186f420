using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>A list of slabs by itself, over headers of frames that head no slab.</summary>
public sealed class SlabListTests() : RuntimeFixture(32)
{
    private const uint None = uint.MaxValue;
    private SlabList _list = null!;

    private FrameTable Tables => Pool.Slabs.Tables;

    [SetUp]
    public void CreateList()
    {
        // One slab of 256 frames, whose first alone has a header that the cache uses.
        Pool.CreateByteCache("frames", 1 << 20, Uncached).Rent();
        for (var frame = 1u; frame < 8; frame++)
            Tables.Header(frame) = default;
        _list = new SlabList(Tables, SlabListKind.Partial);
    }

    [Test]
    public void Slabs_come_and_go_at_both_ends_and_in_the_middle()
    {
        RequireSlabs();
        _list.AddFirst(2);
        RequireSlabs(2);
        _list.AddFirst(1);
        _list.AddLast(3);
        _list.AddLast(4);
        RequireSlabs(1, 2, 3, 4);

        _list.MoveOut(2, SlabListKind.Full);
        Assert.That(Tables.Header(2).List, Is.EqualTo(SlabListKind.Full));
        RequireSlabs(1, 3, 4);
        _list.MoveOut(4, SlabListKind.None);
        RequireSlabs(1, 3);
        _list.AddLast(2);
        RequireSlabs(1, 3, 2);
        _list.MoveOut(1, SlabListKind.None);
        RequireSlabs(3, 2);
        _list.MoveOut(3, SlabListKind.None);
        _list.MoveOut(2, SlabListKind.None);
        RequireSlabs();
        _list.AddLast(5);
        _list.AddFirst(6);
        RequireSlabs(6, 5);
        _list.Clear();
        RequireSlabs();
        Assert.That(Tables.Header(5).List, Is.EqualTo(SlabListKind.Partial), "headers stay as they are");
    }

    [Test]
    public void A_slab_is_taken_only_off_the_list_it_is_on()
    {
        _list.AddFirst(1);
        Tables.Header(1).List = SlabListKind.Empty;
        Assert.Throws<InvariantViolatedException>(() => _list.MoveOut(1, SlabListKind.None));
    }

    [Test]
    public void A_slab_is_linked_only_if_both_neighbours_say_so([Values(1u, 2u, 3u)] uint slab)
    {
        _list.AddLast(1);
        _list.AddLast(2);
        _list.AddLast(3);
        ref var header = ref Tables.Header(slab);
        var whole = header;
        foreach (var wrong in new[] { None, 0u, 7u, slab, Tables.CommittedFrames, 0xdead_beefu })
        {
            header.Next = wrong;
            Assert.That(_list.IsLinked(slab), Is.EqualTo(wrong == whole.Next), $"next {wrong}");
            header = whole;
            header.Previous = wrong;
            Assert.That(_list.IsLinked(slab), Is.EqualTo(wrong == whole.Previous), $"previous {wrong}");
            header = whole;
        }

        header.List = SlabListKind.Empty;
        Assert.That(_list.IsLinked(slab), Is.False, "on another list");
        header = whole;
        Assert.That(_list.IsLinked(slab), Is.True);
    }

    [Test]
    public void A_walk_tells_a_list_that_is_too_short_too_long_or_mixed()
    {
        _list.AddLast(1);
        _list.AddLast(2);
        _list.AddLast(3);
        Assert.That(_list.All(_ => true), Is.True);
        Assert.That(_list.All(head => head != 3), Is.False, "one is not as it should be");

        Tables.Header(3).Next = 1;
        Assert.That(_list.All(_ => true), Is.False, "a ring");
        Tables.Header(3).Next = None;
        Tables.Header(2).Next = None;
        Assert.That(_list.All(_ => true), Is.False, "one is missing");
        Tables.Header(2).Next = 3;
        Tables.Header(2).List = SlabListKind.Empty;
        Assert.That(_list.All(_ => true), Is.False, "one is on another list");
    }

    private void RequireSlabs(params uint[] expected)
    {
        var forwards = new List<uint>();
        Assert.That(_list.All(head =>
        {
            forwards.Add(head);
            return _list.IsLinked(head);
        }), Is.True);
        Assert.That(forwards, Is.EqualTo(expected));
        Assert.That((_list.Count, _list.First), Is.EqualTo((expected.Length, expected.Length == 0 ? None : expected[0])));
    }
}
