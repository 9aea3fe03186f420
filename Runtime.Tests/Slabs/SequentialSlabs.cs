using FolioRuntime.Tests.Properties;

namespace FolioRuntime.Tests.Slabs;

/// <summary>
/// What two slab caches may answer, one call after another. A get that fails may have held the object that is in the slot now for an instant,
/// so it takes two steps, and the object lives at least until the second.
/// </summary>
/// <param name="rentsMayFail">Generations may run out, which this doesn't follow.</param>
/// <param name="strangersHold">Whether a get that fails is granted its instant; without it the model is wrong.</param>
internal sealed class SequentialSlabs(bool rentsMayFail, bool strangersHold) : ISequentialModel<LiveObjects, SlabCall, SlabAnswer>
{
    public LiveObjects Initial => LiveObjects.None;

    public int StepsOf(HistoryCall<SlabCall, SlabAnswer> call) => strangersHold && call.Call.Kind == SlabCallKind.Get && !call.Result.Succeeded ? 2 : 1;

    public bool TryStep(LiveObjects state, HistoryCall<SlabCall, SlabAnswer> call, int number, int step, bool isAlone, out LiveObjects next)
    {
        next = state;
        var (kind, cache, handle) = call.Call;
        var live = state.Of(handle);
        var isIts = live is { } found && found.Cache == cache;
        switch (kind)
        {
            case SlabCallKind.Rent when call.Result.Succeeded:
                var born = new LiveObject(call.Result.Handle, cache, IsOwned: true, References: 0, Strangers: 0);
                next = state.With(born);
                return state.At(born.Handle.Index) is null && state.All.All(other => other.Frame != born.Frame || other.Cache == cache);
            case SlabCallKind.Rent:
                return rentsMayFail || !isAlone || IsFull(state, cache);
            case SlabCallKind.Return when call.Result.Succeeded:
                next = live is { } owned ? state.With(owned with { IsOwned = false }) : state;
                return isIts && live is { IsOwned: true };
            case SlabCallKind.Return:
                return !(isIts && live is { IsOwned: true });
            case SlabCallKind.Get when call.Result.Succeeded:
                next = live is { } got ? state.With(got with { References = got.References + 1 }) : state;
                return isIts;
            case SlabCallKind.Get:
                if (strangersHold)
                    next = step == 0 ? Visit(state, handle.Index, number) : Leave(state, handle.Index, number);
                return step == 1 || !isIts;
            case SlabCallKind.Put:
                next = live is { } held ? state.With(held with { References = held.References - 1 }) : state;
                return live is { References: > 0 };
            default:
                return true;
        }
    }

    // Every frame is the other cache's, or full.
    private static bool IsFull(LiveObjects state, int cache)
    {
        var byFrame = state.All.GroupBy(live => live.Frame).ToArray();
        return byFrame.Length == SlabsPlay.Frames
            && byFrame.All(frame => frame.First().Cache != cache || frame.Count() == SlabsPlay.SlotsPerFrame);
    }

    private static LiveObjects Visit(LiveObjects state, uint index, int number) =>
        state.At(index) is { } met ? state.With(met with { Strangers = met.Strangers | (1u << number) }) : state;

    private static LiveObjects Leave(LiveObjects state, uint index, int number) =>
        state.At(index) is { } met ? state.With(met with { Strangers = met.Strangers & ~(1u << number) }) : state;
}
