extern alias instrumented;

using instrumented::FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Schedules;

/// <summary>One page, one object of X on it, and the parts that actors can have with it.</summary>
internal sealed class SlabScene(int generationBits, SlabDiscipline disciplineOfX = SlabDiscipline.Shared)
{
    public OnePage Page { get; } = new(generationBits, disciplineOfX);

    /// <summary>The object's handle, once its maker is in place.</summary>
    public SlabHandle<long> Handle { get; private set; }

    /// <summary>Returns that succeeded.</summary>
    public int Returned { get; private set; }

    public Interleavings.Scene Play(Action[] actors, Action[] lateActors, Action check) => new(
        () => Page.WordAddress,
        actors,
        lateActors,
        () =>
        {
            using (Page)
                check();
        });

    /// <summary>Makes the object with one reference; its part is to put it.</summary>
    public void AllocateAndPut()
    {
        using var reference = Page.X.Allocate();
        Handle = reference.Handle;
        Puppet.Pause();
    }

    /// <summary>Makes the object as its owner; its part is to return it.</summary>
    public void RentAndReturn()
    {
        Handle = Page.X.Rent();
        Return();
    }

    public void Return()
    {
        Puppet.Pause();
        if (Page.X.TryReturn(Handle))
            Returned++;
    }

    /// <summary>Holds a further reference; its part is to put it.</summary>
    public void HoldAndPut()
    {
        Assert.That(Page.X.TryGet(Handle, out var reference), Is.True);
        Puppet.Pause();
        reference.Dispose();
    }

    /// <summary>Its part is to take a reference if it can still be had, and to put it.</summary>
    public void LookUp()
    {
        Puppet.Pause();
        if (!Page.X.TryGet(Handle, out var reference))
            return;
        Assert.That(reference.Value, Is.EqualTo(OnePage.OfX), "L2");
        reference.Dispose();
    }
}
