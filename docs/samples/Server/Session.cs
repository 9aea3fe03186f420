namespace Sample;

/// <summary>What the server remembers of a visitor: a few bytes in a slab, off the collector's heap.</summary>
internal struct Session
{
    /// <summary>How often they came. Several requests may count at once.</summary>
    public int Visits;
}
