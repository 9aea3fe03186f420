extern alias instrumented;

using System.Runtime.InteropServices;
using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: a cache of pages whose hits take no latch; one step of it is wrong. It shares no code with the runtime. Don't repair it, don't tune it.
/// <code>
///   hit:  index ─► frame ─► version even? ─► copy ─► version and index as before? ─ no ─► under the latch
/// </code>
/// </summary>
internal sealed class WrongCachedFiles(WrongStep wrong) : ICachedFiles
{
    private const int PageBytes = 4096;

    private readonly Latch _latch = new();
    private readonly byte[] _content = new byte[CachedFilesScene.CachedPages * PageBytes];

    // Of each page of each file: its frame + 1. Of each frame: the place of its page in the index + 1, and its version, odd while it is written.
    private readonly uint[] _index = new uint[CachedFilesScene.Files * CachedFilesScene.Pages];
    private readonly uint[] _owners = new uint[CachedFilesScene.CachedPages];
    private readonly uint[] _versions = new uint[CachedFilesScene.CachedPages];
    private int _hand;

    public void Read(int file, int page, Span<byte> destination)
    {
        var place = Place(file, page);
        if (TryCopy(place, destination))
            return;
        using (_latch.Hold())
        {
            if (_index[place] == 0)
                Fill(place, CachedFilesScene.ContentOf(file, page));
            Frame(_index[place] - 1)[..destination.Length].CopyTo(destination);
        }
    }

    public void Drop(int file, int page)
    {
        using (_latch.Hold())
        {
            var frame = _index[Place(file, page)];
            if (frame == 0)
                return;
            Atomics.StoreRelease(ref _index[Place(file, page)], 0);
            _owners[frame - 1] = 0;
        }
    }

    public void Dispose()
    {
    }

    private static int Place(int file, int page) => (file * CachedFilesScene.Pages) + page;

    private bool TryCopy(int place, Span<byte> destination)
    {
        var found = Atomics.LoadAcquire(ref _index[place]);
        if (found == 0)
            return false;
        var frame = found - 1;
        var version = Atomics.LoadAcquire(ref _versions[frame]);
        var half = destination.Length / 2;
        Frame(frame)[..half].CopyTo(destination);
        Atomics.ReadBarrier();
        Frame(frame)[half..destination.Length].CopyTo(destination[half..]);
        Atomics.ReadBarrier();
        if (wrong == WrongStep.CopyNotValidated)
            return true;
        return (version & 1) == 0 && Atomics.LoadAcquire(ref _versions[frame]) == version && Atomics.LoadAcquire(ref _index[place]) == found;
    }

    private void Fill(int place, ulong content)
    {
        var frame = (uint)(_hand++ % CachedFilesScene.CachedPages);
        if (_owners[frame] != 0)
            Atomics.StoreRelease(ref _index[_owners[frame] - 1], 0);
        Atomics.StoreRelease(ref _versions[frame], _versions[frame] + 1);
        Atomics.WriteBarrier();
        var words = MemoryMarshal.Cast<byte, ulong>(Frame(frame));
        words[..(words.Length / 2)].Fill(content);
        Atomics.WriteBarrier();
        words[(words.Length / 2)..].Fill(content);
        Atomics.StoreRelease(ref _versions[frame], _versions[frame] + 1);
        _owners[frame] = (uint)place + 1;
        Atomics.StoreRelease(ref _index[place], frame + 1);
    }

    private Span<byte> Frame(uint frame) => _content.AsSpan((int)frame * PageBytes, PageBytes);
}
