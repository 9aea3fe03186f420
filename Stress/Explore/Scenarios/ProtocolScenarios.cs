using FolioRuntime.Exploration.Engine;
using FolioRuntime.Race.Controls;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// The counters that others have published, with their memory recycled: controls, which exploring must catch, by the very race that the shipping word
/// bears in <c>published-race</c>.
/// </summary>
internal static class ProtocolScenarios
{
    private const string Race = "one puts the last reference, one revives the object and puts, one allocates what comes free as another type";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Published<KernelV4Word>("kernel-v4", $"The counter of the Linux series, version 4: {Race}.", [1, 4]),
        Published<StickyWord>("sticky-counter", $"The sticky counter (PLDI 2022), its slots used again: {Race}.", [1, 4]),
        TwoPutters<KernelV4Word>("kernel-v4-two-threads", "The counter of the Linux series: two threads suffice, if the second goes on to allocate.", [2, 3]),
        TwoPutters<StickyWord>("sticky-counter-two-threads", "The sticky counter: two threads suffice, if the second goes on to allocate.", [2, 3]),
    ];

    private static Scenario Published<TWord>(string name, string about, int[] hazards)
        where TWord : struct, ICountedWord => Control<TWord>(
            name, about, hazards, slot => slot.Put('X'), slot => slot.GetAndPut(), slot => slot.LiveAsY());

    private static Scenario TwoPutters<TWord>(string name, string about, int[] hazards)
        where TWord : struct, ICountedWord => Control<TWord>(
            name,
            about,
            hazards,
            slot => slot.Put('X'),
            slot =>
            {
                slot.GetAndPut();
                slot.LiveAsY();
            });

    private static Scenario Control<TWord>(string name, string about, int[] hazards, params Action<CountedSlot<TWord>>[] threads)
        where TWord : struct, ICountedWord => new(name, about, () => Play(threads))
        {
            Subject = "published counter",
            IsControl = true,
            Invariants = ["L1"],
            Hazards = hazards,
        };

    private static Scene Play<TWord>(Action<CountedSlot<TWord>>[] threads)
        where TWord : struct, ICountedWord
    {
        var slot = new CountedSlot<TWord>();
        return new Scene([.. threads.Select(act => (Action)(() => act(slot)))])
        {
            Check = slot.Judge,
            Close = slot.Dispose,
            Names = slot.Names,
        };
    }
}
