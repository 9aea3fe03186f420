using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// A <see cref="Latch"/> for sections of some tens of nanoseconds, which are entered far more often than anybody has to wait: one compare-and-swap and one store where nobody does, and it never asks which thread it is on. Not
/// reentrant: who enters it twice waits for himself. A part of the seam, as that one. Linux: <c>spinlock_t</c>.
/// </summary>
internal sealed class BriefLatch
{
    private readonly Latch _queue = new();
    private LatchBit _bit;

    /// <summary>Waits until the latch is free and takes it; disposing the scope gives it back, also when an exception passes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Scope Hold()
    {
        if (!_bit.TryEnter())
            EnterLate();
        return new Scope(this);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterLate() => _bit.Enter(_queue);

    public readonly ref struct Scope(BriefLatch latch)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => latch._bit.Leave();
    }
}
