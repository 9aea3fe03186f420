using System.Buffers.Binary;
using System.Collections.Concurrent;
using FolioRuntime.Folios;
using FolioRuntime.PageCaching;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>A type of pages that begin with their key and are told by a number which type they are of, and what became of them.</summary>
internal sealed class TestPages
{
    private const int KindOffset = 8;
    private const int ValueOffset = 16;

    private readonly int _kind;

    public TestPages(PageCache cache, int kind = 1, bool cleans = false, string? name = null)
    {
        _kind = kind;
        Type = cache.AddType(new PageTypeOptions { Name = name ?? $"kind-{kind}", Construct = Construct, Destroy = Destroy, Clean = cleans ? Clean : null });
    }

    public PageType Type { get; }

    /// <summary>Thrown by the constructor; null: nothing.</summary>
    public Exception? ConstructFailure { get; set; }

    /// <summary>Thrown by the destructor, once it has noted the page; null: nothing.</summary>
    public Exception? DestroyFailure { get; set; }

    /// <summary>Thrown where a page is to be cleaned; null: nothing.</summary>
    public Exception? CleanFailure { get; set; }

    /// <summary>Run by the constructor, before the page is there.</summary>
    public Action<long>? OnConstruct { get; set; }

    /// <summary>Run where a page is cleaned, with its key and value.</summary>
    public Action<long, long>? OnClean { get; set; }

    public ConcurrentQueue<long> Constructed { get; } = new();

    /// <summary>Keys of pages that are gone, with what they had in the end.</summary>
    public ConcurrentQueue<(long Key, long Value)> Destroyed { get; } = new();

    public ConcurrentQueue<(long Key, long Value)> Cleaned { get; } = new();

    /// <summary>Pages that were given to the wrong functions, or weren't zeros when they were constructed.</summary>
    public int Wrong { get; private set; }

    public FolioHandle Add(long key)
    {
        using var page = Type.GetOrAdd(key);
        return page.Handle;
    }

    /// <summary>Whether it is there, and is itself.</summary>
    public bool Has(long key) => Type.TryGet(key, out var page) && IsItself(page, key);

    public bool Has(FolioHandle handle, long key) => Type.TryGet(handle, out var page) && IsItself(page, key);

    /// <summary>Changes a page's value; false: it isn't there.</summary>
    public bool Set(long key, long value)
    {
        if (!Type.TryGet(key, out var page))
            return false;
        using (page)
        {
            if (!Type.TryChange(page, out var change))
                return false;
            using (change)
                BinaryPrimitives.WriteInt64LittleEndian(change.Content[ValueOffset..], value);
            return true;
        }
    }

    public static long ValueOf(ReadOnlySpan<byte> content) => BinaryPrimitives.ReadInt64LittleEndian(content[ValueOffset..]);

    private bool IsItself(FolioReference page, long key)
    {
        using (page)
            return IsOwn(page.Bytes, key);
    }

    private bool IsOwn(ReadOnlySpan<byte> content, long key) =>
        BinaryPrimitives.ReadInt64LittleEndian(content) == key && BinaryPrimitives.ReadInt64LittleEndian(content[KindOffset..]) == _kind;

    private void Construct(long key, Span<byte> content)
    {
        OnConstruct?.Invoke(key);
        if (ConstructFailure is { } failure)
            throw failure;
        Wrong += content.ContainsAnyExcept((byte)0) || content.Length != 4096 ? 1 : 0;
        BinaryPrimitives.WriteInt64LittleEndian(content, key);
        BinaryPrimitives.WriteInt64LittleEndian(content[KindOffset..], _kind);
        Constructed.Enqueue(key);
    }

    private void Destroy(long key, Span<byte> content)
    {
        Wrong += IsOwn(content, key) ? 0 : 1;
        Destroyed.Enqueue((key, ValueOf(content)));
        content.Fill(0xEE);
        if (DestroyFailure is { } failure)
            throw failure;
    }

    private void Clean(long key, ReadOnlySpan<byte> content)
    {
        Wrong += IsOwn(content, key) ? 0 : 1;
        if (CleanFailure is { } failure)
            throw failure;
        OnClean?.Invoke(key, ValueOf(content));
        Cleaned.Enqueue((key, ValueOf(content)));
    }
}
