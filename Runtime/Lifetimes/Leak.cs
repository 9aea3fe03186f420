using System.Globalization;

namespace FolioRuntime.Lifetimes;

/// <summary>One object that was rented and not returned, and who rented it. Immutable.</summary>
/// <param name="Reason">Why it is taken for leaked.</param>
/// <param name="Subject">Its cache or pool, or "folio".</param>
/// <param name="TypeName">Its type, or its number of bytes.</param>
/// <param name="Tag">The tag of its cache or pool; may be empty.</param>
/// <param name="Index">Slot index or frame number.</param>
/// <param name="Generation">Its life.</param>
/// <param name="Age">How long it had been out when this was found.</param>
/// <param name="RentedBy">Who rented or allocated it.</param>
public sealed record Leak(LeakReason Reason, string Subject, string TypeName, string Tag, uint Index, uint Generation, TimeSpan Age, LifeTrack RentedBy)
{
    /// <summary>Cache, type, tag, slot, generation, age and why; below it, who rented it.</summary>
    public override string ToString() => $"{Whose}, slot {Index}, generation {Generation}: {Why}\nrented {RentedBy}";

    /// <summary>Cache, type and tag.</summary>
    internal string Whose => $"{Subject} ({TypeName}){(Tag.Length == 0 ? "" : $", tag '{Tag}'")}";

    /// <summary>Age and reason, in words.</summary>
    internal string Why => $"out for {AgeText}, {ReasonText}";

    /// <summary>The reason in words.</summary>
    internal string ReasonText => Reason switch
    {
        LeakReason.Unreachable => "never returned, and nobody can reach it any more",
        LeakReason.TooOld => "longer than it should be",
        _ => "not returned",
    };

    /// <summary>The age, in hours, minutes and seconds.</summary>
    internal string AgeText => Age.ToString(@"d\.hh\:mm\:ss\.f", CultureInfo.InvariantCulture).TrimStart('0').TrimStart('.');
}
