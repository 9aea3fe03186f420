using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;
using FolioRuntime.Primitives;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// A file whose every byte is known. A generated one is a pattern of file, place and version, is cut off, grows and is written behind the cache's back; one that was there is read by the
/// system's call once more, and never changed. Thread-safe; one changes it at a time.
/// </summary>
internal sealed class VerifiedFile : IDisposable
{
    public const int PageBytes = PageOrder.FrameBytes;

    private readonly Lock _changing = new();
    private readonly ulong _seed;
    private readonly SafeFileHandle? _original;
    private readonly PageMapping _mapping;

    private VerifiedFile(string name, PageCache cache, TroubledStore store, long lengthBytes, ulong seed, SafeFileHandle? original)
    {
        Name = name;
        _seed = seed;
        _original = original;
        Store = store;
        Length = new History(lengthBytes);
        Pages = [.. Enumerable.Range(0, (int)((lengthBytes + PageBytes - 1) / PageBytes)).Select(page => new History(new PageContent(0, BytesIn(page, lengthBytes)).Number))];
        _mapping = cache.Open(store);
    }

    public string Name { get; }

    public TroubledStore Store { get; }

    public PageMapping Mapping => _mapping;

    public History Length { get; }

    /// <summary>Of all pages that it ever has: it never grows beyond its first length.</summary>
    public IReadOnlyList<History> Pages { get; }

    public bool IsGenerated => _original is null;

    public static VerifiedFile Generate(PageCache cache, string path, int pages, ulong seed, int faultOneIn)
    {
        var content = new byte[pages * PageBytes];
        Pattern.Fill(SeedOf(seed, version: 0), 0, content);
        File.WriteAllBytes(path, content);
        return new VerifiedFile(Path.GetFileName(path), cache, new TroubledStore(path, isWritable: true, seed, faultOneIn), content.Length, seed, original: null);
    }

    public static VerifiedFile Open(PageCache cache, string path, long lengthBytes, ulong seed, int faultOneIn)
    {
        var original = File.OpenHandle(path);
        try
        {
            return new VerifiedFile(Path.GetFileName(path), cache, new TroubledStore(path, isWritable: false, seed, faultOneIn), lengthBytes, seed, original);
        }
        catch
        {
            original.Dispose();
            throw;
        }
    }

    /// <summary>What is there in a version, apart from what was cut off.</summary>
    public void Expect(long version, long offset, Span<byte> expected)
    {
        if (_original is null)
            Pattern.Fill(SeedOf(_seed, version), offset, expected);
        else
            expected[RandomAccess.Read(_original, expected, offset)..].Clear();
    }

    /// <summary>Writes a page anew, behind the cache's back, and has the cache drop it. False: somebody else is changing the file, or there is no such page now.</summary>
    public bool TryRewrite(int page)
    {
        if (!IsGenerated || !_changing.TryEnter())
            return false;
        try
        {
            var bytes = BytesIn(page, Length.Last);
            if (bytes == 0)
                return false;
            var history = Pages[page];
            var next = new PageContent(history.Last).Rewritten(bytes);
            var content = new byte[bytes];
            Pattern.Fill(SeedOf(_seed, next.Version), (long)page * PageBytes, content);
            history.Begin(next.Number);
            Store.Write(content, (long)page * PageBytes);
            _mapping.Invalidate((long)page * PageBytes, 1);
            history.End();
            return true;
        }
        finally
        {
            _changing.Exit();
        }
    }

    /// <summary>Cuts it off, or has it grow by zeros. False: somebody else is changing the file, or the store has failed.</summary>
    public bool TryTruncate(long lengthBytes)
    {
        if (!IsGenerated || !_changing.TryEnter())
            return false;
        try
        {
            var before = Length.Last;
            var pages = Pages.Skip((int)(lengthBytes / PageBytes)).Take(lengthBytes < before ? Pages.Count : 0).ToArray();
            var contents = pages.Select(page => page.Last).ToArray();
            for (var i = 0; i < pages.Length; i++)
                pages[i].Begin(new PageContent(contents[i]).CutAt(i == 0 ? (int)(lengthBytes % PageBytes) : 0).Number);
            Length.Begin(lengthBytes);
            var isDone = false;
            try
            {
                _mapping.Truncate(lengthBytes);
                isDone = true;
            }
            catch (InjectedFaultException)
            {
                // As it was before.
                Length.Begin(before);
                for (var i = 0; i < pages.Length; i++)
                    pages[i].Begin(contents[i]);
            }

            Length.End();
            Array.ForEach(pages, page => page.End());
            return isDone;
        }
        finally
        {
            _changing.Exit();
        }
    }

    public void Dispose() => _original?.Dispose();

    private static int BytesIn(int page, long lengthBytes) => (int)Math.Clamp(lengthBytes - ((long)page * PageBytes), 0, PageBytes);

    private static ulong SeedOf(ulong seed, long version) => new XorShift(seed, (int)version).Next();
}
