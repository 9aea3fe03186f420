using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Schedules;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>
/// A page allocator, its threads' lists included, against <see cref="NaiveBuddy"/>: the same answers on whichever of two threads, no overlap, content
/// that stays, zeros where zeros are promised, and every audit after every step.
/// </summary>
internal sealed class PagesModel : IDisposable
{
    public const int Frames = 76;
    public const int MaxOrder = 4;

    private readonly Puppet[] _threads = [new(), new()];
    private readonly List<Block> _held = [];
    private readonly PageSubject _subject;
    private readonly NaiveBuddy _oracle;
    private byte _stamp;

    public PagesModel(Setting setting)
    {
        var pages = PagesUnderTest.Create(Frames, MaxOrder, setting.Capacity, setting.ListCapacity, setting.Batch);
        _subject = setting.Bug == PageBug.None ? new PageSubject(pages) : new FaultyPages(pages, setting.Bug);
        _oracle = new NaiveBuddy(setting.Capacity);
    }

    public enum Act
    {
        Allocate,
        AllocateExact,
        Free,
        Split,
        Trim,
        SetAside,
        EndThread,
    }

    private PageAllocator Pages => _subject.Pages;

    public static void Play(Setting setting, Step[] program)
    {
        using var model = new PagesModel(setting);
        foreach (var step in program)
        {
            model.Run(step);
            model.Compare(drained: step.Act == Act.Trim || setting.ListCapacity == 0);
        }

        model.End();
    }

    public void Dispose()
    {
        foreach (var thread in _threads)
            thread.Dispose();
    }

    private void Run(Step step)
    {
        if (step.Act == Act.EndThread)
        {
            _threads[step.Thread].Dispose();
            _threads[step.Thread] = new Puppet();
        }
        else
        {
            _threads[step.Thread].Run(() => Apply(step));
        }
    }

    private void Apply(Step step)
    {
        switch (step.Act)
        {
            case Act.Allocate or Act.AllocateExact:
                Allocate(step.Act == Act.AllocateExact, step.Size, step.Use);
                break;
            case Act.Trim:
                _subject.Trim();
                break;
            case Act.Free or Act.SetAside when _held.Count != 0:
                Free(step.Which % _held.Count, step.Act == Act.SetAside ? step.Use : FrameUses.None);
                break;
            case Act.Split when _held.Count != 0:
                Split(step.Which % _held.Count, step.Size);
                break;
        }
    }

    private void Allocate(bool exact, int size, FrameUses use)
    {
        var order = PageOrder.ForBytes((long)size << PageOrder.FrameShift).Value;
        var count = exact ? size : 1 << order;
        var had = _oracle.Has(order, use);
        var got = exact ? _subject.TryAllocateExact(count, use, out var frame) : _subject.TryAllocate(order, use, out frame);
        Assert.That(got, Is.EqualTo(had), $"order {order} for {use}");
        if (!got)
            return;
        Assert.That(frame.Value % (1u << order), Is.Zero, "alignment");
        Assert.That(_oracle.IsFree((int)frame.Value, count), Is.True, "no overlap");
        Assert.That(_oracle.Fits((int)frame.Value, use), Is.True, "not worn for this use");
        Assert.That(Pages.Frames.Frame(frame.Value).State, Is.EqualTo(FrameState.Allocated));
        Assert.That(Pages.Frames.Frame(frame.Value).Order, Is.EqualTo(order));
        Assert.That(Enumerable.Range(0, count).All(i => Pages.Frames.Frame((frame + i).Value).Head == frame.Value), Is.True, "heads");
        if (Pages.IsKnownZero(frame, count))
            Assert.That(BytesOf(frame, count).ContainsAnyExcept((byte)0), Is.False, "what is known to be zero is");
        Pages.Clear(frame, count);
        Assert.That(BytesOf(frame, count).ContainsAnyExcept((byte)0), Is.False, "what was cleared is zero");
        _oracle.Take((int)frame.Value, count);
        _stamp = (byte)(1 + (_stamp % byte.MaxValue));
        BytesOf(frame, count).Fill(_stamp);
        _held.Add(new Block(frame, count, _stamp));
    }

    private void Free(int which, FrameUses unfit)
    {
        var block = _held[which];
        _held.RemoveAt(which);
        RequireContent(block);
        _oracle.Free((int)block.Frame.Value, block.Count, unfit);
        int order = Pages.Frames.Frame(block.Frame.Value).Order;
        if (unfit != FrameUses.None)
            Pages.SetAside(block.Frame, block.Count, unfit);
        else if (block.Count == 1 << order)
            _subject.Free(block.Frame, order);
        else
            _subject.FreeExact(block.Frame, block.Count);
    }

    private void Split(int which, int size)
    {
        var block = _held[which];
        int order = Pages.Frames.Frame(block.Frame.Value).Order;
        if (block.Count != 1 << order)
            return;
        var partOrder = size % (order + 1);
        Pages.Split(block.Frame, order, partOrder);
        _held.RemoveAt(which);
        for (var part = 0; part < block.Count; part += 1 << partOrder)
            _held.Add(new Block(block.Frame + part, 1 << partOrder, block.Stamp));
    }

    private void Compare(bool drained)
    {
        Pages.RequireConsistent(_oracle.Taken);
        var now = Pages.Snapshot();
        Assert.That(now.RetiredFrames, Is.EqualTo(_oracle.Retired));
        if (drained)
            Assert.That(now.FreeBlocksByOrder, Is.EqualTo(_oracle.FreeBlocks(MaxOrder, (int)now.CommittedFrames)), "complete coalescing");
        Assert.That(_held.All(BeginsRight), Is.True, "content of blocks in use");
    }

    private void End()
    {
        while (_held.Count != 0)
            Free(_held.Count - 1, FrameUses.None);
        _subject.Trim();
        Compare(drained: true);
        Pages.Close();
        Assert.That(Pages.TryAllocate(0, FrameUses.Folio, out _), Is.False, "closed");
        Pages.RequireConsistent(0);
    }

    private void RequireContent(Block block) =>
        Assert.That(BytesOf(block.Frame, block.Count).ContainsAnyExcept(block.Stamp), Is.False, "content of a block in use");

    private bool BeginsRight(Block block) =>
        Enumerable.Range(0, block.Count).All(i => BytesOf(block.Frame + i, 1)[0] == block.Stamp);

    // SAFETY: the frames are allocated, so their memory is committed.
    private unsafe Span<byte> BytesOf(FrameNumber frame, int count) =>
        new((void*)Pages.Arena.Address(frame), count * PageOrder.FrameBytes);

    /// <param name="Capacity">Frames: 64 whole and 12 clipped ones, fewer, or a limit inside an area.</param>
    /// <param name="ListCapacity">Frames that a thread may keep; 0: none.</param>
    /// <param name="Batch">Frames that move at a time.</param>
    public sealed record Setting(int Capacity, int ListCapacity, int Batch)
    {
        public PageBug Bug { get; init; }
    }

    public sealed record Step(Act Act, int Size, int Which, FrameUses Use, int Thread)
    {
        public override string ToString() => Act switch
        {
            Act.Allocate or Act.AllocateExact => $"{Act} {Size} for {Use} on {Thread}",
            Act.Trim or Act.EndThread => $"{Act} on {Thread}",
            Act.Split => $"{Act} {Which} {Size} on {Thread}",
            Act.SetAside => $"{Act} {Which} for {Use} on {Thread}",
            _ => $"{Act} {Which} on {Thread}",
        };
    }

    private sealed record Block(FrameNumber Frame, int Count, byte Stamp);
}
