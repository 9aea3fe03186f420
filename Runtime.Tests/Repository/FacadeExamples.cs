#region FACADES
using FolioRuntime;
using FolioRuntime.Integrations.ObjectPooling;
#endregion
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>The objects off the heap of docs/POOLS.md, compiled and run; see <see cref="DocumentedExamples"/>.</summary>
public class FacadeExamples
{
    [Test]
    public void TheExamplePrintsWhatItSays() => Assert.That(DocumentedExamples.OutputOf(Price), Is.EqualTo("4.5\nFalse\n0\n"));

    private static void Price()
    {
        #region FACADES
        using var runtime = new PoolRuntime();
        using var quotes = runtime.CreateFacadePool<Quote, QuoteState>(() => new Quote());

        var quote = quotes.Get();                                         // its state is in a slot of 16 bytes, all zeros
        quote.Price = 4.5;
        Console.WriteLine(quote.Price);
        quotes.Return(quote);
        Console.WriteLine(quote.IsOut);                                   // False: its Price would throw now
        Console.WriteLine(quotes.Values.Statistics().ActiveObjects);      // 0
        #endregion
    }

    #region FACADES
    internal record struct QuoteState(double Price, long Volume);

    internal sealed class Quote : SlabFacade<QuoteState>
    {
        public double Price
        {
            get => Value.Price;
            set => Value.Price = value;
        }
    }
    #endregion
}
