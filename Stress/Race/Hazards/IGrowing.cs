namespace FolioRuntime.Race.Hazards;

/// <summary>Items behind threads' own lists, which grow with what their threads do, as their scene sees it: a runtime's, or a control.</summary>
internal interface IGrowing : IDisposable
{
    /// <summary>What was popped from all threads' lists, and pushed into them.</summary>
    (long Pops, long Pushes) Totals { get; }

    /// <summary>Takes an item out of the thread's list, or else of where all threads' come together; 0: there is none.</summary>
    /// <param name="isPop">Whether it was in the list.</param>
    uint Take(out bool isPop);

    /// <summary>Puts an item into the thread's list, which grows or is flushed if it is full, or else where all threads' come together.</summary>
    /// <returns>Whether it is in the list.</returns>
    bool Put(uint item);

    /// <summary>Empties every thread's list.</summary>
    void DrainAll();

    /// <summary>All items, whose lists are empty then. Nobody else is there.</summary>
    IReadOnlyList<uint> TakeAll();
}
