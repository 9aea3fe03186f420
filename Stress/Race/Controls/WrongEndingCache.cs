extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: a cache whose end gives all its memory back at once, also the memory of objects that are out; zeros are what a user then finds. With
/// the line right the end gives back what is free, and each return the rest. Don't repair it, don't tune it.
/// </summary>
internal sealed class WrongEndingCache(bool isWrong) : IEndingCache
{
    private const int Objects = 64;

    private readonly byte[] _contents = new byte[Objects * EndingScene.ObjectBytes];
    private readonly Latch _latch = new();
    private readonly Stack<int> _free = new(Enumerable.Range(0, Objects));
    private bool _ended;

    public bool TryRent(out ulong handle)
    {
        using (_latch.Hold())
        {
            var rented = !_ended & _free.TryPop(out var slot);
            handle = (ulong)slot;
            return rented;
        }
    }

    public Span<byte> Content(ulong handle) => _contents.AsSpan((int)handle * EndingScene.ObjectBytes, EndingScene.ObjectBytes);

    public bool TryReturn(ulong handle)
    {
        using (_latch.Hold())
            _free.Push((int)handle);
        return true;
    }

    public void End()
    {
        using (_latch.Hold())
        {
            _ended = true;
            if (isWrong)
                Array.Clear(_contents);
        }
    }

    public long PagesLeft => _ended ? 0 : 1;
}
