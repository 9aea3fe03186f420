using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.Race.Forging;

/// <summary>
/// The folios. They have no destructor, so an owner ends one by freezing it, when nobody else can have it, and freeing it
/// frozen: between the two it tells the book, which is therefore never behind.
/// </summary>
internal sealed class FolioTarget(PoolRuntime pool, IssueBook book, int number) : ForgeTarget(number, book)
{
    private static readonly PageOrder s_order = new(1);

    private readonly FolioAllocator _folios = pool.Folios;

    public override bool IsShared => true;

    public override uint IndexLimit => pool.Pages.Frames.FrameCount;

    public override bool TryRent(out ulong handle)
    {
        handle = 0;
        if (!_folios.TryRent(s_order, out var folio))
            return false;
        handle = Forged.From(folio.Frame, folio.Generation);
        if (!_folios.TryGet(folio, out var reference))
        {
            Damage();
            return false;
        }

        using (reference)
        {
            // In place and under the sequence: somebody may guess the handle and read already.
            using (reference.BeginWrite())
                Stamp.Write(reference.Bytes, handle, Number);
        }

        Book.Issue(handle, Number);
        Board.Post(handle);
        return true;
    }

    public override void Return(ulong handle)
    {
        if (!_folios.TryGet(HandleOf(handle), out var reference))
        {
            Damage();
            return;
        }

        if (!Stamp.IsIntact(reference.Bytes, handle, Number))
            Damage();
        FrozenFolio frozen;

        // Ends: others hold it only for the length of a look-up.
        while (!reference.TryFreeze(out frozen))
            Thread.Yield();
        if (!Book.TryEnd(handle, Number))
            Damage();
        frozen.Free();
    }

    public override Answer TryGet(ulong handle)
    {
        if (!_folios.TryGet(HandleOf(handle), out var reference))
            return Refused(handle);
        using (reference)
        {
            // Between rent and stamp the content is zero; the book is written after the stamp.
            return Held(handle, reference.Bytes);
        }
    }

    public override Answer TryRead(ulong handle)
    {
        Span<byte> copy = stackalloc byte[sizeof(ulong)];
        var before = Book.Before(handle);
        if (!_folios.TryRead(HandleOf(handle), 0, copy))
            return Refused(handle);
        var isRight = Book.WasAliveSince(before, handle, Number);
        if (isRight && Stamp.HandleIn(copy) is not 0 and var stamped && stamped != handle)
            Damage();
        return Judge(isRight);
    }

    public override bool TryReturn(ulong handle) => _folios.TryReturn(HandleOf(handle));

    public override bool TryUse(ulong handle) => _folios.TryReturn(HandleOf(handle));

    private static FolioHandle HandleOf(ulong handle) => new(Forged.IndexOf(handle), Forged.GenerationOf(handle));
}
