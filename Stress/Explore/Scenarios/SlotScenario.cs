using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Makes scenarios in which threads act on one slot.</summary>
internal static class SlotScenario
{
    public static Scenario Of(string name, string about, string[] invariants, int[] hazards, Func<OneSlot> begin, params Action<OneSlot>[] threads) =>
        new(name, about, () => Play(begin(), threads))
        {
            Subject = "lifetime word",
            Invariants = invariants,
            Hazards = hazards,
            Weak = Reach.Everything,
        };

    public static Scene Play(OneSlot slot, IEnumerable<Action<OneSlot>> threads) =>
        new([.. threads.Select(act => (Action)(() => act(slot)))])
        {
            Check = slot.Judge,
            State = () => slot.State,
            Close = slot.Dispose,
            Names = slot.Names,
        };
}
