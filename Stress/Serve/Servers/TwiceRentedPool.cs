using System.Buffers;

namespace FolioRuntime.Serve.Servers;

/// <summary>
/// The control that must be caught by its bytes: now and then it hands out a block that somebody has already. The block goes back when the last of its renters
/// disposes it, so that nothing but the bytes is wrong.
/// </summary>
internal sealed class TwiceRentedPool(MemoryPool<byte> inner) : MemoryPool<byte>
{
    private const int OneIn = 4;

    private readonly Lock _lock = new();
    private Block? _latest;
    private int _rents;

    public override int MaxBufferSize => inner.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        lock (_lock)
        {
            if (++_rents % OneIn == 0 && _latest is { Holders: > 0 } latest)
            {
                latest.Holders++;
                return new Owner(this, latest);
            }

            _latest = new Block(inner.Rent(minBufferSize)) { Holders = 1 };
            return new Owner(this, _latest);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
    }

    private sealed class Block(IMemoryOwner<byte> owner)
    {
        public IMemoryOwner<byte> Owner { get; } = owner;

        public int Holders { get; set; }
    }

    private sealed class Owner(TwiceRentedPool pool, Block block) : IMemoryOwner<byte>
    {
        private bool _isDisposed;

        public Memory<byte> Memory => block.Owner.Memory;

        public void Dispose()
        {
            lock (pool._lock)
            {
                if (_isDisposed)
                    return;
                _isDisposed = true;
                if (--block.Holders == 0)
                    block.Owner.Dispose();
            }
        }
    }
}
