namespace FolioRuntime.Folios;

/// <summary>What ends folios of one kind. Its number stands in the record of each of their frames, where whoever ends one finds it, whatever he took the folio for (L1).</summary>
internal interface IFolioType
{
    /// <summary>For reports.</summary>
    string Name { get; }

    /// <summary>Runs the destructor, once for each folio that was given the type, by whoever ended its generation: nobody else can reach it any more.</summary>
    /// <param name="key">What it was given with the type.</param>
    /// <param name="bytes">The folio's memory.</param>
    void Destruct(long key, Span<byte> bytes);
}
