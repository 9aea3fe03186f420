using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Folios;

/// <content>Getting, putting and returning: what begins and ends a hold on a folio.</content>
public sealed partial class FolioAllocator
{
    /// <summary>
    /// Takes a reference if the handle's folio is alive. Call it with any handle, of any age and origin; a handle of another
    /// runtime is rejected except with a chance of about one in 2^31. True means that the folio, and its content unless
    /// somebody writes it, stays until the reference is disposed. One atomic add.
    /// </summary>
    /// <param name="handle">The handle.</param>
    /// <param name="folio">The reference, to be disposed; on failure the default value, whose disposal does nothing.</param>
    /// <returns>False: the folio is gone, frozen or has 2^28 references; <see cref="Get"/> tells which.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(FolioHandle handle, out FolioReference folio) => Get(handle, out folio) == FolioOutcome.Done;

    /// <summary>As <see cref="TryGet"/>, and says why not.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="folio">The reference, to be disposed; on failure the default value, whose disposal does nothing.</param>
    public FolioOutcome Get(FolioHandle handle, out FolioReference folio)
    {
        folio = default;

        // A forged number must not lead outside the table; every number below the limit is good for ever.
        if (handle.Frame >= _frames.CommittedFrames)
            return RejectStale();
        var got = Lifetime.TryGet(ref _frames.Frame(handle.Frame).Word, handle.Generation);
        if (got != GetOutcome.Got)
            return NotGot(handle, got);
        folio = new FolioReference(this, handle);
        GC.KeepAlive(this);
        return FolioOutcome.Done;
    }

    /// <summary>Ends the owner's hold of <see cref="Rent"/>. The folio is freed now, or by the last reference.</summary>
    /// <param name="handle">The handle that was rented.</param>
    /// <exception cref="InvalidOperationException">The hold was ended before, was never given out, or the folio is frozen. Nothing has changed for anyone.</exception>
    public void Return(FolioHandle handle)
    {
        if (Release(handle, ViolationKind.DoubleReturn) is { } violation)
            throw new InvalidOperationException(violation.ToString());
    }

    /// <summary>As <see cref="Return"/>. False: misuse, as said there; it is counted and reported, and nothing has changed.</summary>
    /// <param name="handle">The handle that was rented.</param>
    public bool TryReturn(FolioHandle handle) => Release(handle, ViolationKind.DoubleReturn) is null;

    /// <summary>Ends the owner's hold, or reports why it can't. Exactly one call per generation succeeds.</summary>
    internal Violation? Release(FolioHandle handle, ViolationKind ifRepeated)
    {
        if (handle.Frame >= _frames.CommittedFrames || !handle.IsValid)
            return Report(ViolationKind.ForeignHandle, handle);
        ref var word = ref _frames.Frame(handle.Frame).Word;
        var outcome = Lifetime.Return(ref word, handle.Generation, Lifetime.Load(ref word));
        GC.KeepAlive(this);
        switch (outcome)
        {
            case ReturnOutcome.MustDestroy:
                Destroy(handle.Frame);
                return null;
            case ReturnOutcome.Deferred:
                return null;
            case ReturnOutcome.Frozen:
                return Report(ViolationKind.FrozenReturn, handle);
            case ReturnOutcome.NotOwned:
                return Report(ifRepeated, handle);
            default:
                return Report(ifRepeated == ViolationKind.DoubleDispose ? ifRepeated : ViolationKind.StaleReturn, handle);
        }
    }

    /// <summary>Whether the owner's hold is still there, frozen or not.</summary>
    internal bool IsOwned(FolioHandle handle)
    {
        var word = Lifetime.Load(ref _frames.Frame(handle.Frame).Word);
        GC.KeepAlive(this);
        return word.Generation == handle.Generation && word.IsOwned;
    }

    internal void Put(FolioHandle handle)
    {
        var outcome = Lifetime.Put(ref _frames.Frame(handle.Frame).Word, handle.Generation);
        if (outcome != PutOutcome.Dropped)
            PutLastOrSurplus(handle, outcome);
        GC.KeepAlive(this);
    }

    internal Violation Report(ViolationKind kind, FolioHandle handle) =>
        _violations.Report(kind, Subject, handle.Frame, handle.Generation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PutLastOrSurplus(FolioHandle handle, PutOutcome outcome)
    {
        if (outcome == PutOutcome.MustDestroy)
            Destroy(handle.Frame);
        else
            Report(ViolationKind.SurplusPut, handle);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FolioOutcome NotGot(FolioHandle handle, GetOutcome got)
    {
        // The folio that we ended up holding last is not the one we wanted; it is ours to free all the same (L1).
        if (got is GetOutcome.StaleMustDestroy or GetOutcome.SaturatedMustDestroy)
            Destroy(handle.Frame);
        switch (got)
        {
            case GetOutcome.NotNow when handle.IsValid:
                _frozenMet.Add();
                return FolioOutcome.TryAgain;
            case GetOutcome.Saturated or GetOutcome.SaturatedMustDestroy:
                _saturatedRejected.Add();
                return FolioOutcome.Saturated;
            default:
                return RejectStale();
        }
    }

    private FolioOutcome RejectStale()
    {
        _staleRejected.Add();
        return FolioOutcome.Stale;
    }
}
