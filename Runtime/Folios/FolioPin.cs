using System.Runtime.CompilerServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <summary>
/// One thread's hold on a <see cref="DistributedFolio"/>: while it is undisposed the folio and its memory stay. It can't travel: it is disposed on the thread
/// that made it, before that awaits anything. What has to travel takes a counted reference by <see cref="Handle"/>, and holds it before the pin is disposed.
/// A copy of the value is not another pin: dispose one of them, once. A second dispose is reported as misuse where it shows: once the folio
/// is frozen or disposed, or somebody tries to freeze it, and more pins were ended than made. The default value pins nothing, and disposing it does nothing.
/// </summary>
public readonly ref struct FolioPin
{
    private readonly DistributedFolio? _folio;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FolioPin(DistributedFolio folio, ThreadStack slot)
    {
        _folio = folio;
        Slot = slot;
    }

    /// <summary>The folio's handle.</summary>
    public FolioHandle Handle => Folio.Handle;

    /// <summary>Whether it pins a folio at all.</summary>
    public bool IsValid => _folio is not null;

    /// <summary>
    /// The folio's memory, for as long as this pin is undisposed. To read: other threads' pins don't keep each other out. Who wants to write freezes the
    /// folio, or holds a reference and agrees with all readers (<see cref="FolioReference.BeginWrite"/>).
    /// </summary>
    /// <exception cref="ObjectDisposedException">The pin was disposed: nobody can hold one now.</exception>
    public ReadOnlySpan<byte> Bytes => Folio.Bytes;

    /// <summary>The slot of the thread that made it.</summary>
    internal ThreadStack Slot { get; }

    private DistributedFolio Folio => _folio ?? throw new InvalidOperationException("This pin pins no folio.");

    /// <summary>Ends the pin. Whoever ends the last one of a folio that is disposed drops its reference, and so may free it, here and now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose() => _folio?.Unpin(Slot);
}
