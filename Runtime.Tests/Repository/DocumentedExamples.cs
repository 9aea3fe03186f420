using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
#region README
using FolioRuntime;
#endregion
using FolioRuntime.Lifetimes;
#region LIFETIMES
using FolioRuntime.Primitives;
#endregion
#region DEBUGGING
using FolioRuntime.Slabs;
#endregion
using FolioRuntime.Tests.Repository;
using NUnit.Framework;

// Outside FolioRuntime, as its users are: what the documents show needs the usings that they show.
namespace DocumentedExamples;

/// <summary>
/// The C# that the documents show, compiled and run. A fence in a document is the text of the regions of one name here, joined;
/// DocumentationTests hold the two against each other.
/// </summary>
public partial class DocumentedExamples
{
    [Test]
    public void TheReadmesExamplePrintsWhatItSays() => Assert.That(OutputOf(Embed), Is.EqualTo("3 pieces\nFalse\nFalse\n"));

    [Test]
    public void TheDebuggingExamplePrintsWhatItSays()
    {
        // As it is where the example is a whole program: its types have no outer ones, and below its code there is nothing.
        var output = OutputOf(Debug)
            .Replace("DocumentedExamples.DocumentedExamples+", "", StringComparison.Ordinal)
            .Replace($"{typeof(DocumentedExamples).FullName}.{nameof(Debug)}\n", "Program.<Main>$\n", StringComparison.Ordinal);
        output = string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("   at ", StringComparison.Ordinal) || line.EndsWith("Program.<Main>$", StringComparison.Ordinal)));
        output = Generation().Replace(Thread().Replace(output, "thread 1"), "generation 1000");
        Assert.That(output, Is.EqualTo(Report().Match(RepositoryFiles.Read("docs/DEBUGGING.md")).Groups[1].Value));
    }

    [Test]
    public void TheExampleOfAHotFolioPrintsWhatItSays() => Assert.That(OutputOf(Pin), Is.EqualTo("1000\n7\nFalse\n"));

    internal static string OutputOf(Action example) => OutputOfAsync(() =>
    {
        example();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    internal static async Task<string> OutputOfAsync(Func<Task> example)
    {
        var output = new StringWriter();
        var console = Console.Out;
        Console.SetOut(output);
        try
        {
            await example();
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString().ReplaceLineEndings("\n");
    }

    // Not inlined: the report names this method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Debug()
    {
        #region DEBUGGING
        using var runtime = new PoolRuntime();
        runtime.ViolationDetected += violation => Console.WriteLine(violation);
        using var orders = runtime.CreateCache<Order>("orders", new SlabCacheOptions { Debug = SlabDebugOptions.All });

        var handle = orders.Rent();
        ref var order = ref orders.ValueOf(handle);
        orders.Return(handle);
        order.Pieces = 4;                                   // the mistake: a reference kept past the return
        orders.Return(orders.Rent());                       // finds it, reports it, and rents another object
        #endregion
    }

    private static void Embed()
    {
        #region README
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 64 << 20 });
        using var orders = runtime.CreateCache<Order>("orders");

        var handle = orders.Rent();                         // 8 bytes, to be stored anywhere
        orders.ValueOf(handle) = new Order(Id: 7, Pieces: 3);
        if (orders.TryGet(handle, out var order))           // from any thread: one atomic add
        {
            using (order)
                Console.WriteLine($"{order.Value.Pieces} pieces");
        }

        orders.Return(handle);
        Console.WriteLine(orders.TryGet(handle, out _));    // False, for ever, whatever the memory serves next
        Console.WriteLine(orders.TryReturn(handle));        // False: counted and reported, and nothing is pooled twice
        #endregion
        Assert.That(runtime.ViolationCount(ViolationKind.DoubleReturn), Is.EqualTo(1));
    }

    private static void Pin()
    {
        #region LIFETIMES
        using var runtime = new PoolRuntime();
        var handle = runtime.Folios.Rent(new PageOrder(0));
        if (!runtime.Folios.TryDistribute(handle, out var table))
            return;

        var pins = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (!table.TryPin(out var pin))             // False: frozen just now, or disposed
                return;
            using (pin)
                Interlocked.Add(ref pins, pin.Bytes[0] == 0 ? 1 : 0);
        });
        Console.WriteLine(pins);                        // 1000

        if (table.TryFreeze(out var frozen, patience: TimeSpan.FromSeconds(1)))
        {
            frozen.Bytes.Fill(7);                       // nobody has a pin, and nobody gets one
            frozen.Unfreeze();
        }

        if (table.TryPin(out var last))
        {
            table.Dispose();                            // no further pin; this one keeps the folio
            Console.WriteLine(last.Bytes[0]);           // 7
            last.Dispose();
        }

        Console.WriteLine(table.TryPin(out _));         // False
        runtime.Folios.Return(handle);
        #endregion
    }

    [GeneratedRegex(@"thread \d+")]
    private static partial Regex Thread();

    [GeneratedRegex(@"generation \d+")]
    private static partial Regex Generation();

    [GeneratedRegex(@"prints\n\n```text\n(.*?\n)```", RegexOptions.Singleline)]
    private static partial Regex Report();

    #region README
    internal record struct Order(int Id, int Pieces);
    #endregion
}
