#region README
using FolioRuntime;
#endregion
using FolioRuntime.Lifetimes;
using NUnit.Framework;

// Outside FolioRuntime, as its users are: what the documents show needs the usings that they show.
namespace DocumentedExamples;

/// <summary>
/// The C# that the documents show, compiled and run. A fence in a document is the text of the regions of one name here, joined;
/// DocumentationTests hold the two against each other.
/// </summary>
public class DocumentedExamples
{
    [Test]
    public void TheReadmesExamplePrintsWhatItSays()
    {
        var output = new StringWriter();
        var console = Console.Out;
        Console.SetOut(output);
        try
        {
            Embed();
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo("3 pieces\nFalse\nFalse\n"));
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

    #region README
    internal record struct Order(int Id, int Pieces);
    #endregion
}
