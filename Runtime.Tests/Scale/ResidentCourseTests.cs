using System.Runtime.InteropServices;
using FolioRuntime.Scale.Returning;
using NUnit.Framework;

namespace FolioRuntime.Tests.Scale;

/// <summary>That resident memory is seen, at the moment that is asked for, and that looking adds nothing to it.</summary>
[NonParallelizable]
internal sealed class ResidentCourseTests
{
    private const int Bytes = 64 << 20;

    [Test]
    public unsafe void What_is_touched_is_seen_in_its_phase()
    {
        // What earlier tests left goes now, and not while this one looks: the collector gives memory back in the background, as much as is touched here.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var course = new ResidentCourse("before");
        var before = course.Enter("filling");
        var memory = (byte*)NativeMemory.Alloc(Bytes);
        new Span<byte>(memory, Bytes).Fill(1);
        var full = course.Enter("full");
        NativeMemory.Free(memory);
        Assert.That(full - before, Is.GreaterThan(Bytes / 2));
        Assert.That(course.Points.Select(point => point.Phase).Distinct().SkipWhile(phase => phase == "before"), Is.EqualTo((string[])["filling", "full"]));
        Assert.That(course.Points.First(point => point.Phase == "full").RssBytes, Is.EqualTo(full));
    }

    [Test]
    [Platform("Linux")]
    public void Looking_allocates_nothing()
    {
        ResidentMemory.Bytes();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            ResidentMemory.Bytes();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
