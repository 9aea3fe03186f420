using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// Every pair and every triple of the operations of a lifetime word that makes sense, each on a slot that has had one life, with generations of 2 bits,
/// which the first life that ends here exhausts, and of 3. Left out, because its outcome is nobody's promise:
/// <code>
///   an object both shared and exclusive                       a word is under one discipline in each life
///   a return of what isn't rented beside one of what is       they are the same operation twice
///   two crowds, two writers in place                          there is one limit; writers exclude each other by other means
///   a surplus put beside anything that can be shared          it breaks the contract that L2 rests on, as its outcome's words say
/// </code>
/// The slot begins rented where there are returns, held by as many as put, exclusive where that is asked for, free where objects are allocated and none
/// is ended, and otherwise with an object that a bystander holds: whose word must be, at the end, as if nobody had been there.
/// </summary>
internal static class LifetimeCombinations
{
    private static readonly int[] s_generationBits = [2, 3];

    public static IReadOnlyList<Scenario> All { get; } = [Pairs(), .. LifetimeOperations.All.Select(Triples).OfType<Scenario>()];

    private static Scenario Pairs()
    {
        var operations = LifetimeOperations.All;
        var pairs =
            from first in Enumerable.Range(0, operations.Count)
            from second in Enumerable.Range(first, operations.Count - first)
            select new[] { operations[first], operations[second] };
        return Family("lifetime-pairs", "Every two operations of a lifetime word.", [.. Members(pairs)]) with { Weak = Reach.Everything };
    }

    private static Scenario? Triples(LifetimeOperation first)
    {
        var operations = LifetimeOperations.All;
        var start = operations.ToList().IndexOf(first);
        var triples =
            from second in Enumerable.Range(start, operations.Count - start)
            from third in Enumerable.Range(second, operations.Count - second)
            select new[] { first, operations[second], operations[third] };
        (string, Func<Scene>)[] members = [.. Members(triples)];
        return members.Length == 0 ? null
            : Family($"lifetime-triples-{first.Name}", $"A thread {first.About}; two others do each of the operations from there on.", members);
    }

    private static Scenario Family(string name, string about, (string, Func<Scene>)[] members) => new(name, about, members[0].Item2)
    {
        Subject = "lifetime word",
        Invariants = ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8"],
        Hazards = [1, 2, 3, 5, 6, 8, 9, 10, 11, 12, 14, 15, 16],
        Members = members,
    };

    private static IEnumerable<(string, Func<Scene>)> Members(IEnumerable<LifetimeOperation[]> combinations) =>
        from operations in combinations
        where MakesSense(operations)
        from bits in s_generationBits
        select ($"{string.Join('+', operations.Select(operation => operation.Name))}/{bits}", (Func<Scene>)(() => Make(operations, bits)));

    private static bool MakesSense(LifetimeOperation[] operations)
    {
        var needs = operations.Aggregate(OperationNeeds.None, (all, operation) => all | operation.Needs);
        int Count(OperationNeeds need) => operations.Count(operation => operation.Needs.HasFlag(need));
        bool Any(OperationNeeds some) => (needs & some) != 0;
        return !(Any(OperationNeeds.Exclusive) && Any(OperationNeeds.Owner | OperationNeeds.Reference | OperationNeeds.Crowd))
            && !(Any(OperationNeeds.Owner) && Any(OperationNeeds.NoOwner))
            && !(Any(OperationNeeds.Dead) && Any(OperationNeeds.Owner | OperationNeeds.Reference | OperationNeeds.Crowd | OperationNeeds.FreeSlot))
            && Count(OperationNeeds.Crowd) <= 1
            && Count(OperationNeeds.Writer) <= 1;
    }

    private static Scene Make(LifetimeOperation[] operations, int generationBits)
    {
        var slot = new OneSlot(generationBits) { IsFrozenAtTimes = operations.Any(operation => operation.Needs.HasFlag(OperationNeeds.Freezes)) };
        var needs = operations.Aggregate(OperationNeeds.None, (all, operation) => all | operation.Needs);
        var references = (uint)operations.Count(operation => operation.Needs.HasFlag(OperationNeeds.Reference));
        if (needs.HasFlag(OperationNeeds.Crowd))
            slot.Crowded(references, needs.HasFlag(OperationNeeds.Owner));
        else if (needs.HasFlag(OperationNeeds.Owner))
            slot.Rented(references);
        else if (references > 0)
            slot.Referenced(references);
        else if (needs.HasFlag(OperationNeeds.Exclusive))
            slot.Exclusive();
        else if ((needs & (OperationNeeds.FreeSlot | OperationNeeds.Dead)) == 0)
            slot.Referenced(0, bystanders: 1);
        return SlotScenario.Play(slot, operations.Select(operation => operation.Act));
    }
}
