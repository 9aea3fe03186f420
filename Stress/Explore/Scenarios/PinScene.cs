using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>One folio that threads pin. Nobody else holds it, except its owner if it has one.</summary>
internal sealed class PinScene : FolioScene
{
    /// <summary>What a freezer writes.</summary>
    public const ulong Changed = 77;

    private readonly Dictionary<Thread, ThreadStack> _pinned = [];
    private readonly bool _isOwned;

    public PinScene(bool isOwned = false)
    {
        _isOwned = isOwned;
        Handle = Rent();
        Requirement.That(Folios.TryDistribute(Handle, out var folio), "the scene's folio can be distributed");
        Folio = folio!;
        if (!isOwned)
            Folios.Return(Handle);
    }

    public DistributedFolio Folio { get; }

    public FolioHandle Handle { get; }

    /// <summary>A prelude: the thread has pinned before, and has a slot.</summary>
    public void Come() => Requirement.Equal(PinLookUnpin(), FolioOutcome.Done, "the scene's folio can be pinned");

    /// <summary>A prelude: the thread holds a pin, which it ends by <see cref="Unpin"/>.</summary>
    public void Pin()
    {
        Requirement.That(Folio.TryPin(out var pin), "the scene's folio can be pinned");
        lock (_pinned)
            _pinned.Add(Thread.CurrentThread, pin.Slot);
    }

    /// <summary>A prelude: the thread holds a pin, which a freeze in vain has moved out of its slot.</summary>
    public void PinAndBeCollected()
    {
        Pin();
        Requirement.That(!Folio.TryFreeze(out _), "L2: what is pinned can't be frozen");
    }

    /// <summary>A prelude: the thread has the folio frozen.</summary>
    public void Freeze() => Requirement.That(Folio.TryFreeze(out _), "the scene's folio can be frozen");

    /// <summary>Ends the pin of the prelude.</summary>
    public void Unpin() => Folio.Unpin(_pinned[Thread.CurrentThread]);

    /// <summary>Pins, finds the folio's own content, and ends the pin.</summary>
    public FolioOutcome PinLookUnpin()
    {
        var outcome = Folio.Pin(out var pin);
        if (outcome != FolioOutcome.Done)
            return outcome;
        Look(Handle);
        pin.Dispose();
        return outcome;
    }

    /// <summary>Pins, and sees no change that is made while it is frozen. What is seen, or nothing.</summary>
    public ulong? PinReadTwiceUnpin()
    {
        if (!Folio.TryPin(out var pin))
            return null;
        var seen = ReadTwice();
        pin.Dispose();
        return seen;
    }

    public ulong ReadTwice()
    {
        var first = Content.Read(ref ContentOf(Handle.Frame));
        Requirement.Equal(Content.Read(ref ContentOf(Handle.Frame, 1)), first, "L2: a folio that is pinned is not frozen");
        return first;
    }

    /// <summary>Freezes, changes and unfreezes, if it can.</summary>
    public bool TryChangeFrozen(TimeSpan patience = default)
    {
        var done = Folio.TryFreeze(out var frozen, patience: patience);
        if (done)
        {
            Write(Handle, 1, Changed);
            frozen.Unfreeze();
        }

        return done;
    }

    /// <summary>Disposes, and rents anew what was freed, if it was.</summary>
    public void DisposeAndRent()
    {
        Folio.Dispose();
        RentLookReturn();
    }

    /// <summary>Disposes, and then, as the owner, freezes what nobody else holds, changes it and unfreezes it.</summary>
    public void DisposeAndChange()
    {
        Folio.Dispose();
        if (!Folios.TryFreeze(Handle, references: 0))
            return;
        Write(Handle, 1, Changed);
        Folios.Unfreeze(Handle, references: 0);
    }

    /// <summary>For the end: nobody holds a pin, and nothing was misused, so disposing frees the folio, unless that was done.</summary>
    public void DisposeAndRequireEnded(bool isDisposed = false, params ViolationKind[] reported)
    {
        Requirement.Equal(string.Join(' ', Violations.Select(violation => violation.Kind)), string.Join(' ', reported), "what was reported");
        if (!isDisposed)
        {
            Requirement.Equal(Folio.Pin(out var pin), FolioOutcome.Done, "the folio can be pinned again");
            pin.Dispose();
            Folio.Dispose();
        }

        Requirement.Equal(Folio.Pin(out _), FolioOutcome.Stale, "L3: a disposed folio is never pinned again");
        if (_isOwned)
            Folios.Return(Handle);
        RequireEnded();
    }
}
