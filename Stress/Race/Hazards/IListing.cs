namespace FolioRuntime.Race.Hazards;

/// <summary>Something whose entries come and go while it is listed. One entry, named <see cref="Anchor"/>, stays.</summary>
internal interface IListing : IDisposable
{
    const string Anchor = "anchor";

    /// <summary>Adds an entry.</summary>
    IDisposable Add(string name);

    /// <summary>The names of all entries.</summary>
    IReadOnlyList<string> List();
}
