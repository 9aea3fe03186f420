using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
#region DEBUGGING_LEAKS
using FolioRuntime;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
#endregion
using FolioRuntime.Tests.Repository;
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>The example of docs/DEBUGGING.md with a leak in it, which is found and named; see <see cref="DocumentedExamples"/>.</summary>
public partial class LeakExamples
{
    [Test]
    public void TheLeakIsNamedAsTheDocumentSays()
    {
        // As it is where the example is a whole program: its type has no outer one, and below its code there is nothing.
        var output = DocumentedExamples.OutputOf(Leak)
            .Replace("DocumentedExamples.LeakExamples+", "", StringComparison.Ordinal)
            .Replace($"{typeof(LeakExamples).FullName}.{nameof(Leak)}\n", "Program.<Main>$\n", StringComparison.Ordinal);
        output = string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("   at ", StringComparison.Ordinal) || line.EndsWith("Program.<Main>$", StringComparison.Ordinal)));
        output = Number().Replace(output, match => match.Groups[1].Value + (match.Groups[1].Value == "thread " ? "1" : match.Groups[1].Value == "generation " ? "1000" : "00:00:00.0"));
        Assert.That(output, Is.EqualTo(Report().Match(RepositoryFiles.Read("docs/DEBUGGING.md")).Groups[1].Value));
    }

    // Not inlined: the report names this method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leak()
    {
        #region DEBUGGING_LEAKS
        using var runtime = new PoolRuntime();
        using var orders = runtime.CreateCache<Order>("orders", new SlabCacheOptions { LeakSampleInterval = 1, LeakTag = "checkout" });
        try
        {
            using var leaks = new LeakCheck(runtime, patience: TimeSpan.Zero);
            orders.Return(orders.Rent());
            orders.Rent();                                  // the mistake: nobody keeps the handle, to return it
        }
        catch (LeakException failure)
        {
            Console.WriteLine(failure.Message);
        }
        #endregion
    }

    [GeneratedRegex(@"(thread |generation |out for )[\d:.]*\d")]
    private static partial Regex Number();

    [GeneratedRegex(@"prints\n\n```text\n(\d+ objects? leaked\n.*?)```", RegexOptions.Singleline)]
    private static partial Regex Report();

    internal record struct Order(int Id, int Pieces);
}
