extern alias instrumented;

using System.Buffers;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: a memory pool whose owners look whether they are disposed and then say that they are, so that of two disposes both may give the block
/// back. With the line right it is one exchange. Don't repair it, don't tune it.
/// </summary>
internal sealed class WrongMemoryPool(bool isWrong) : MemoryPool<byte>
{
    private const int BlockBytes = 4096;

    private readonly bool _isWrong = isWrong;
    private readonly Latch _latch = new();
    private readonly Stack<byte[]> _free = new();

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        using (_latch.Hold())
            return new Owner(this, _free.TryPop(out var block) ? block : new byte[BlockBytes]);
    }

    protected override void Dispose(bool disposing)
    {
        // Arrays.
    }

    private sealed class Owner(WrongMemoryPool pool, byte[] block) : IMemoryOwner<byte>
    {
        private uint _disposed;

        public Memory<byte> Memory => block;

        public void Dispose()
        {
            if (pool._isWrong ? Atomics.LoadAcquire(ref _disposed) != 0 : Atomics.Exchange(ref _disposed, 1) != 0)
                return;
            Atomics.StoreRelease(ref _disposed, 1);
            using (pool._latch.Hold())
                pool._free.Push(block);
        }
    }
}
