using System.Text;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// One case of misuse or damage, as it was found. Listeners get it on the thread that met it, so that thread's stack is there for the asking. The two
/// tracks are there if the object's cache keeps stacks (docs/DEBUGGING.md).
/// </summary>
/// <param name="Kind">What it was.</param>
/// <param name="Subject">The cache, or "folio", it concerns.</param>
/// <param name="Index">Slot index or frame number; of objects still out at the end of a cache, the first that is known.</param>
/// <param name="Generation">The generation in the handle or reference; of damage, that of the slot's present or last life; of objects still out, the first one's.</param>
/// <param name="Detail">More, in words; may be empty.</param>
/// <param name="Exception">What a destructor threw, if that was it.</param>
public sealed record Violation(ViolationKind Kind, string Subject, uint Index, uint Generation, string Detail, Exception? Exception)
{
    /// <summary>Type of the cache's objects; empty where there is none.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>The damaged bytes and those around them, sixteen a line; empty if it isn't about bytes.</summary>
    public string Dump { get; init; } = "";

    /// <summary>Who rented or allocated the object last, or the nearest one if none begins at the index; null if that isn't known.</summary>
    public LifeTrack? RentedBy { get; init; }

    /// <summary>Who returned it last, or put its last reference: in an earlier life, if it is out. Null if that isn't known, or nobody has yet.</summary>
    public LifeTrack? ReturnedBy { get; init; }

    /// <summary>At the end of a cache that keeps stacks, the objects still out, the first sixteen of them.</summary>
    public IReadOnlyList<OutstandingObject> Outstanding { get; init; } = [];

    /// <summary>Of a leak, all that is known of it; null otherwise.</summary>
    public Leak? Leak { get; init; }

    internal string Sentence =>
        $"{Kind}: {Subject}{(TypeName.Length == 0 ? "" : $" ({TypeName})")}{(string.IsNullOrEmpty(Leak?.Tag) ? "" : $", tag '{Leak.Tag}'")}, slot {Index}, generation {Generation}{(Detail.Length == 0 ? "" : ": " + Detail)}";

    /// <summary>The violation in one sentence, with subject, type, slot and generation; below it, as far as they are there, bytes, stacks, and what is out.</summary>
    public override string ToString() => Sentence + Rest;

    /// <summary>The same as the message of an exception.</summary>
    internal string ToMessage() => $"{Sentence}.{Rest}";

    private string Rest
    {
        get
        {
            var text = new StringBuilder();
            if (Dump.Length > 0)
                text.Append('\n').Append(Dump);
            if (RentedBy is not null)
                text.Append("\nlast rented ").Append(RentedBy);
            if (ReturnedBy is not null)
                text.Append("\nlast returned ").Append(ReturnedBy);
            else if (RentedBy is not null)
                text.Append("\nno return is recorded");
            foreach (var left in Outstanding)
                text.Append('\n').Append(left);
            return text.ToString();
        }
    }
}
