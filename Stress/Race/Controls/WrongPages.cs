extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: pages with a tagged word and a content sequence each; one line of it, or of <see cref="FrozenLifetime"/>, is wrong. The free list
/// is a plain stack under a latch. It shares no code with the runtime. Don't repair it, don't tune it.
/// </summary>
internal sealed class WrongPages : IPages
{
    private const int PageBytes = 4096;

    private readonly WrongLine _wrong;
    private readonly FrozenLifetime _lifetime;
    private readonly ulong[] _words;
    private readonly uint[] _sequences;
    private readonly byte[] _contents;
    private readonly Latch _latch = new();
    private readonly Stack<int> _free = new();

    public WrongPages(int capacity, WrongLine wrong)
    {
        _wrong = wrong;
        _lifetime = new FrozenLifetime(wrong);
        Capacity = capacity;
        _words = new ulong[capacity];
        _sequences = new uint[capacity];
        _contents = new byte[capacity * PageBytes];
        Refill();
    }

    public int Capacity { get; }

    public bool TryRent(out ulong handle)
    {
        handle = 0;
        int page;
        using (_latch.Hold())
        {
            if (!_free.TryPop(out page))
                return false;
            ContentOf(page).Clear();
        }

        ref var word = ref _words[page];
        _lifetime.Publish(ref word, isOwned: true, references: 0);
        handle = (Atomics.LoadAcquire(ref word) << 32) | (uint)page;
        return true;
    }

    public bool TryReturn(ulong handle)
    {
        if (!_lifetime.TryReturn(ref _words[Page(handle)], Generation(handle), out var mustDestroy))
            return false;
        if (mustDestroy)
            Free(Page(handle));
        return true;
    }

    public bool TryGet(ulong handle)
    {
        if (_lifetime.TryGet(ref _words[Page(handle)], Generation(handle), out var mustDestroy))
            return true;
        if (mustDestroy)
            Free(Page(handle));
        return false;
    }

    public void Put(ulong handle)
    {
        if (_lifetime.Put(ref _words[Page(handle)]))
            Free(Page(handle));
    }

    public bool TryFreeze(ulong handle, uint references) => _lifetime.TryFreeze(ref _words[Page(handle)], Generation(handle), references);

    public void Unfreeze(ulong handle, uint references)
    {
        ref var sequence = ref _sequences[Page(handle)];
        Atomics.StoreRelease(ref sequence, Atomics.LoadAcquire(ref sequence) + 2);
        _lifetime.Unfreeze(ref _words[Page(handle)], Generation(handle), references);
    }

    public Span<byte> Bytes(ulong handle) => ContentOf(Page(handle));

    public void BeginWrite(ulong handle)
    {
        if (_wrong != WrongLine.WriteTellsLate)
            Grow(handle, 1);
        Atomics.WriteBarrier();
    }

    public void EndWrite(ulong handle) => Grow(handle, _wrong == WrongLine.WriteTellsLate ? 2u : 1);

    public bool TryRead(ulong handle, Span<byte> destination)
    {
        var page = Page(handle);
        var before = Atomics.LoadAcquire(ref _words[page]);
        var sequence = Atomics.LoadAcquire(ref _sequences[page]);
        if (!_lifetime.IsLive(before) || (uint)before != Generation(handle) || sequence % 2 != 0)
            return false;
        ContentOf(page)[..destination.Length].CopyTo(destination);
        Atomics.ReadBarrier();
        var after = Atomics.LoadAcquire(ref _words[page]);
        return _lifetime.IsLive(after)
            && ((uint)after == Generation(handle) || _wrong == WrongLine.ReadIgnoresGeneration)
            && Atomics.LoadAcquire(ref _sequences[page]) == sequence;
    }

    public void Hold(ulong handle, uint references) => Atomics.Add(ref _words[Page(handle)], references * _lifetime.OneReference);

    public void Drop(ulong handle, uint references) => Atomics.Add(ref _words[Page(handle)], 0 - (references * _lifetime.OneReference));

    public void Trim()
    {
        using (_latch.Hold())
        {
            foreach (var page in _free)
                ContentOf(page).Clear();
        }
    }

    public long Settle()
    {
        var missing = Capacity - _free.Distinct().Count();
        for (var page = 0; page < Capacity; page++)
            _words[page] = (uint)_words[page] + 1;
        Refill();
        return missing;
    }

    public void Dispose()
    {
        // Arrays.
    }

    private void Free(int page)
    {
        using (_latch.Hold())
            _free.Push(page);
    }

    private void Refill()
    {
        _free.Clear();
        for (var page = 0; page < Capacity; page++)
            _free.Push(page);
    }

    private void Grow(ulong handle, uint by)
    {
        ref var sequence = ref _sequences[Page(handle)];
        Atomics.StoreRelease(ref sequence, Atomics.LoadAcquire(ref sequence) + by);
    }

    private static int Page(ulong handle) => (int)(uint)handle;

    private static uint Generation(ulong handle) => (uint)(handle >> 32);

    private Span<byte> ContentOf(int page) => _contents.AsSpan(page * PageBytes, PageBytes);
}
