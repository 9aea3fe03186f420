using System.Diagnostics.CodeAnalysis;

namespace FolioRuntime.Folios;

/// <content>Folios that many threads hold all the time.</content>
public sealed partial class FolioAllocator
{
    /// <summary>
    /// Takes a reference if the handle's folio is alive, as <see cref="TryGet"/> does, and has threads hold the folio by pins of their own, which write nothing
    /// that another thread reads. For the few folios that everybody wants: it costs each thread that comes 128 bytes.
    /// </summary>
    /// <param name="handle">The handle.</param>
    /// <param name="folio">What threads pin the folio through, to be disposed; null on failure.</param>
    /// <returns>False: for any reason of <see cref="TryGet"/>.</returns>
    public bool TryDistribute(FolioHandle handle, [NotNullWhen(true)] out DistributedFolio? folio)
    {
        Distribute(handle, out folio);
        return folio is not null;
    }

    /// <summary>As <see cref="TryDistribute"/>, and says why not.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="folio">What threads pin the folio through, to be disposed; null on failure.</param>
    public FolioOutcome Distribute(FolioHandle handle, out DistributedFolio? folio)
    {
        // What may fail for want of memory comes before the reference.
        var made = new DistributedFolio(this, handle);
        var outcome = made.TryHold();
        folio = outcome == FolioOutcome.Done ? made : null;
        return outcome;
    }
}
