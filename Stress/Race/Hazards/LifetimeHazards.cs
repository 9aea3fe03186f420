extern alias instrumented;

using FolioRuntime.Race.Controls;
using FolioRuntime.Race.Workloads;
using ViolationKind = instrumented::FolioRuntime.Lifetimes.ViolationKind;

namespace FolioRuntime.Race.Hazards;

/// <summary>Hazards of the lifetime word: who may use an object, and who destroys it.</summary>
internal static class LifetimeHazards
{
    private const int FewBits = 4;
    private const int OddBits = 23;
    private const int TurnsForATrim = 4;

    public static IReadOnlyList<Hazard> All { get; } =
    [
        Published<KernelV4Word>("stalled-put", 1, "a put stalled between its decrement and its compare-exchange while the object is freed and its memory used again",
            "the published counter of the Linux series: zero looks the same in every life", ScenarioCatalog.Find("speculative").Turn),
        Published<StickyWord>("two-puts", 2, "two parallel puts and no speculative get",
            "the sticky counter (PLDI 2022) with its slots used again", ScenarioCatalog.Find("two-putters").Turn),
        Of("recycled", 3, "a stale handle after its memory was recycled as the same or another type",
            "a look-up asks whether an object is alive and not which", WrongLine.GenerationIgnored, Stale()),
        Of("discarded-words", 3, "a stale handle after the word of its slot was given back to the system",
            "what the word had issued is forgotten with it", WrongLine.FloorForgotten, Play(StaleUnderTrims) with { DiscardsWords = true }),
        Of("callers-destructor", 4, "the destructor taken from the type that the caller has in mind",
            "a mismatched getter that ends up as the last holder destroys by its own type", WrongLine.DestructorOfCaller, Stale()),
        Of("unconditional-end", 5, "the end of a life set by an unconditional bit operation",
            "the last put clears the live bit with And in place of the compare-exchange", WrongLine.EndWithoutCompare, Scenario("speculative")),
        Of("late-live-bit", 6, "the live bit set or cleared on a slot that is free already",
            "it is cleared once more after the slot went to the free list", WrongLine.LiveClearedLate, Scenario("speculative")),
        Of("long-polling", 7, "a dead word polled past the width of its counter",
            "references lie directly below the live bit and carry into it", WrongLine.ReferencesBelowLive,
            Play(worker =>
            {
                worker.Foresee(worker.Recent());
                worker.Visit(worker.Old());
                AllocateAndPut(worker);
            }) with { AgesWords = true, TurnsPerRound = 20 }),
        Of("surplus-put", 8, "a put too many on a word that is dead",
            "a put that leaves no reference destroys without asking whether there is an object", WrongLine.PutIgnoresDeath,
            Play(SurplusPut) with { Planned = ViolationKind.SurplusPut, TurnsPerRound = 40 }),
        Of("worn-generations", 9, "generations that run out",
            "after the last generation comes the first again", WrongLine.GenerationsWrap,
            Stale() with { GenerationBits = FewBits, Renews = true, TurnsPerRound = 400 }),
        Of("publish-over-strays", 12, "a publication against the adds of look-ups that fail at that moment",
            "publishing adds to the word and keeps what they left", WrongLine.PublishByAdd, Stale()),
        Of("early-publish", 13, "an object visible before it is initialised",
            "the word is published before the object is written", WrongLine.PublishFirst,
            Play(worker =>
            {
                worker.Foresee(worker.Recent());
                AllocateAndPut(worker);
            })),
        Of("early-identity", 14, "identity checked before the reference is held",
            "generation and life are looked at, then the reference is taken", WrongLine.CheckBeforeHold, Scenario("speculative")),
        Of("odd-bits", 31, "generations compared in the wrong width under a configuration of its own",
            "only 8 bits of two generations are compared", WrongLine.GenerationCutShort,
            Play(worker =>
            {
                worker.Recall(worker.Recent());
                AllocateAndPut(worker);
            }) with { GenerationBits = OddBits }),
    ];

    private static Hazard Published<TWord>(string name, int number, string words, string control, Action<Worker> turn)
        where TWord : struct, ICountedWord => new(name, [number], words, control, setting => new ProtocolScene(setting, new ProtocolPlay
        {
            Turn = turn,
            JudgesIdentity = false,
            Control = (_, slots, witness) => setting.Variant == HazardVariant.Control
                ? new ControlProtocol<TWord>(slots, witness)
                : new WrongProtocol(slots, witness, WrongLine.None),
        }));

    private static Hazard Of(string name, int number, string words, string control, WrongLine wrong, ProtocolPlay play) =>
        new(name, [number], words, control, setting => new ProtocolScene(
            setting, play with { Control = (_, slots, witness) => new WrongProtocol(slots, witness, setting.Line(wrong)) }));

    private static ProtocolPlay Play(Action<Worker> turn) =>
        new() { Turn = turn, Control = (setting, slots, witness) => new WrongProtocol(slots, witness, WrongLine.None) };

    private static ProtocolPlay Scenario(string name) => Play(ScenarioCatalog.Find(name).Turn);

    private static ProtocolPlay Stale() => Scenario("stale-handles");

    private static void AllocateAndPut(Worker worker)
    {
        if (worker.Allocate() is { } mine)
            worker.Put(mine);
    }

    // Many generations between two trims now, and few then, so that a word which forgets them comes by any old one again.
    private static void StaleUnderTrims(Worker worker)
    {
        ScenarioCatalog.Find("stale-handles").Turn(worker);
        if (worker.OnceIn(TurnsForATrim))
            worker.Trim();
    }

    // In every second round nobody allocates, so all words are dead, and a put too many can harm no innocent object.
    private static void SurplusPut(Worker worker)
    {
        worker.Visit(worker.Old());
        if (worker.Round % 2 == 0)
            AllocateAndPut(worker);
        else
            worker.PutAgain(worker.Old());
    }
}
