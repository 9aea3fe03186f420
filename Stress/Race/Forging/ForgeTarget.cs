namespace FolioRuntime.Race.Forging;

/// <summary>
/// Something that accepts handles: a slab cache, or the folios. Owners rent and return here, forgers try; both are checked against
/// the book. Thread-safe.
/// </summary>
internal abstract class ForgeTarget(int number, IssueBook book)
{
    private long _damaged;

    /// <summary>Told apart by this in the book and in stamps.</summary>
    public int Number { get; } = number;

    /// <summary>Handles issued last, by anybody.</summary>
    public HandleBoard Board { get; } = new();

    /// <summary>For tests: says yes for the runtime, to see the book catch it.</summary>
    public Predicate<ulong>? Lie { get; init; }

    /// <summary>Live objects that were changed, destroyed, or destroyed twice by anybody but their owner.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <summary>Whether anybody may look its handles up.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Numbers that no handle of this runtime has as its index.</summary>
    public abstract uint IndexLimit { get; }

    protected IssueBook Book { get; } = book;

    /// <summary>Rents, stamps, enters into the book and posts. False: no memory.</summary>
    public abstract bool TryRent(out ulong handle);

    /// <summary>Checks the stamp and ends the caller's object.</summary>
    public abstract void Return(ulong handle);

    /// <summary>Looks a handle up. Shared targets only.</summary>
    public abstract Answer TryGet(ulong handle);

    /// <summary>Reads by a handle without holding anything, where there is such a thing.</summary>
    public abstract Answer TryRead(ulong handle);

    /// <summary>Returns by a handle that is certainly nobody's here. True: it was accepted, which is wrong.</summary>
    public abstract bool TryReturn(ulong handle);

    /// <summary>Uses, as its owner, a handle that is certainly nobody's here. True: it was accepted, which is wrong.</summary>
    public abstract bool TryUse(ulong handle);

    protected void Damage() => Interlocked.Increment(ref _damaged);

    /// <summary>Judges a look-up that was refused: that is always right, unless a test lies about it.</summary>
    protected Answer Refused(ulong handle) => Lie?.Invoke(handle) == true ? Judge(Book.IsRightlyHeld(handle, Number)) : Answer.Refused;

    /// <summary>Judges a look-up that succeeded, while its reference is held.</summary>
    protected Answer Held(ulong handle, ReadOnlySpan<byte> content)
    {
        var isRight = Book.IsRightlyHeld(handle, Number);
        if (isRight && !Stamp.IsIntact(content, handle, Number))
            Damage();
        return Judge(isRight && Book.IsRightlyHeld(handle, Number));
    }

    protected static Answer Judge(bool isRight) => isRight ? Answer.Rightly : Answer.Wrongly;
}
