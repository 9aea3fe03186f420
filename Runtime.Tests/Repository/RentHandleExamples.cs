#region RENT_HANDLES
using FolioRuntime;
using Microsoft.Extensions.ObjectPool;
#endregion
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>The returns by handle of docs/POOLS.md, compiled and run; see <see cref="DocumentedExamples"/>.</summary>
public class RentHandleExamples
{
    [Test]
    public void TheExamplePrintsWhatItSays() => Assert.That(DocumentedExamples.OutputOf(ReturnLate), Is.EqualTo("False\n"));

    private static void ReturnLate()
    {
        #region RENT_HANDLES
        using var runtime = new PoolRuntime();
        using var pool = runtime.CreateObjectPool(new StringBuilderPooledObjectPolicy());

        var text = pool.Get();
        pool.TryGetHandle(text, out var first);
        pool.TryReturn(text, first);
        var again = pool.Get();                                           // the same object, in a rent of its own
        Console.WriteLine(pool.TryReturn(text, first));                   // False: that rent is over
        pool.Return(again);
        #endregion
    }
}
