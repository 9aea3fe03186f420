namespace FolioRuntime.Slabs;

/// <summary>Who may use an object of a cache while it is rented.</summary>
public enum SlabDiscipline
{
    /// <summary>Anyone with the handle may take counted references; the object lives until its owner returned it and the last reference was put.</summary>
    Shared,

    /// <summary>Only the renter uses the object; nobody else can take a reference. Cheaper, and as safe against stale and double returns.</summary>
    Exclusive,
}
