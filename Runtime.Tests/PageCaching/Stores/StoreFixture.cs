using FolioRuntime.PageCaching.Stores;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching.Stores;

/// <summary>A folder for each test, and pages that are known by their content.</summary>
public abstract class StoreFixture
{
    internal const int PageBytes = 4096;

    private protected string Folder { get; private set; } = "";

    [SetUp]
    public void CreateFolder() => Folder = Directory.CreateTempSubdirectory("folio-store-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    /// <summary>Aligned memory, its content made from a number.</summary>
    private protected static Memory<byte> Pages(int pages, int number)
    {
        var memory = Room(pages);
        for (var i = 0; i < memory.Length; i++)
            memory.Span[i] = (byte)((i * 31) + (i >> 12) + (number * 101) + 1);
        return memory;
    }

    private protected static Memory<byte> Room(int pages) => AlignedMemory.Allocate(pages * PageBytes, PageBytes);
}
