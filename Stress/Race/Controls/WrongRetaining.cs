extern alias instrumented;

using System.Buffers;
using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>CONTROL, FROZEN: a pool of arrays whose blocks are counted, so that they can be kept past their renter's dispose; one step of it is wrong. It shares no code with the runtime. Don't repair it, don't tune it.</summary>
internal sealed class WrongRetaining(WrongStep wrong) : IRetaining
{
    private const int BlockBytes = 4096;

    private readonly WrongStep _wrong = wrong;
    private readonly Latch _latch = new();
    private readonly Stack<byte[]> _free = new();

    public IMemoryOwner<byte> Rent()
    {
        using (_latch.Hold())
            return new Owner(this, _free.TryPop(out var block) ? block : new byte[BlockBytes]);
    }

    public IDisposable? TryRetain(IMemoryOwner<byte> owner, ReadOnlyMemory<byte> memory, out ReadOnlyMemory<byte> kept)
    {
        kept = memory;
        return ((Owner)owner).TryRetain();
    }

    public void Dispose() => _free.Clear();

    // Its renter's hold is 1; 0 once it has gone back.
    private sealed class Owner(WrongRetaining pool, byte[] block) : IMemoryOwner<byte>
    {
        private uint _holds = 1;

        public Memory<byte> Memory => block;

        public IDisposable? TryRetain()
        {
            while (true)
            {
                var holds = Atomics.LoadAcquire(ref _holds);
                if (holds == 0)
                    return null;
                if (pool._wrong == WrongStep.RetainedAfterALook)
                {
                    Change(1);
                    return new Holder(this);
                }

                if (Atomics.CompareExchange(ref _holds, holds + 1, holds) == holds)
                    return new Holder(this);
            }
        }

        public void Dispose()
        {
            if (Change(uint.MaxValue) != 0)
                return;
            using (pool._latch.Hold())
                pool._free.Push(block);
        }

        private uint Change(uint by)
        {
            while (true)
            {
                var holds = Atomics.LoadAcquire(ref _holds);
                if (Atomics.CompareExchange(ref _holds, unchecked(holds + by), holds) == holds)
                    return unchecked(holds + by);
            }
        }

        private sealed class Holder(Owner owner) : IDisposable
        {
            public void Dispose() => owner.Dispose();
        }
    }
}
