#region PROTOTYPING_PAGES
using System.Runtime.InteropServices;
using FolioRuntime;
using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;
#endregion
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>The type of pages that docs/PROTOTYPING.md shows, compiled and run; see <see cref="DocumentedExamples"/>.</summary>
public class PrototypingPageExample
{
    [Test]
    public void The_pages_print_what_they_say() => Assert.That(DocumentedExamples.OutputOf(Play), Is.EqualTo("300 is number 99\n8 in the file\n"));

    private static void Play()
    {
        #region PROTOTYPING_PAGES
        using var runtime = new PoolRuntime();
        using var cache = runtime.CreatePageCache(new PageCacheOptions { CapacityPages = 100 });
        using var file = cache.Open(new MemoryPageStore());
        file.Write(0, Enumerable.Repeat((byte)3, 1000 * 1024).ToArray());
        using var nodes = cache.AddType(new PageTypeOptions { Name = "nodes", Construct = Expand, Clean = Compress });

        for (var key = 0; key < 1000; key++)                // ten times as many as there is room for
            nodes.GetOrAdd(key).Dispose();
        using (var node = nodes.GetOrAdd(7))
        {
            Console.WriteLine($"300 is number {Numbers(node.Bytes).BinarySearch(300)}");
            if (nodes.TryChange(node, out var change))      // false: somebody has dropped it
            {
                Numbers(change.Content)[1023] += 5;
                change.Dispose();
            }
        }

        nodes.Clean();                                      // or whenever the cache wants its place
        var last = new byte[1];
        file.Read((8 * 1024) - 1, last);
        Console.WriteLine($"{last[0]} in the file");

        static Span<int> Numbers(Span<byte> content) => MemoryMarshal.Cast<byte, int>(content);

        void Expand(long key, Span<byte> content)
        {
            Span<byte> steps = stackalloc byte[1024];
            file.Read(key * steps.Length, steps);
            for (int i = 0, sum = 0; i < steps.Length; i++)
                Numbers(content)[i] = sum += steps[i];
        }

        void Compress(long key, ReadOnlySpan<byte> content)
        {
            var numbers = MemoryMarshal.Cast<byte, int>(content);
            Span<byte> steps = stackalloc byte[1024];
            for (int i = 0, before = 0; i < steps.Length; before = numbers[i++])
                steps[i] = (byte)(numbers[i] - before);
            file.Write(key * steps.Length, steps);
        }
        #endregion
    }
}
