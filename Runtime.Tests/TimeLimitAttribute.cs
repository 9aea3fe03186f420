using System.Collections.Concurrent;
using System.Globalization;
using FolioRuntime.Tests;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

[assembly: TimeLimit]

namespace FolioRuntime.Tests;

/// <summary>
/// With FOLIO_TEST_SECONDS in the environment, a test that takes longer ends the process. Mutation testing needs it: many a mutant makes a test go on for ever.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TimeLimitAttribute : Attribute, ITestAction
{
    private const string Variable = "FOLIO_TEST_SECONDS";
    private const int ExitCode = 70;

    private static readonly ConcurrentDictionary<string, Timer> s_clocks = new(StringComparer.Ordinal);

    private static readonly double s_seconds =
        double.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    /// <inheritdoc/>
    public ActionTargets Targets => ActionTargets.Test;

    /// <inheritdoc/>
    public void BeforeTest(ITest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (s_seconds > 0)
            s_clocks[test.Id] = new Timer(_ => End(test.FullName), null, TimeSpan.FromSeconds(s_seconds), Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void AfterTest(ITest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (s_clocks.TryRemove(test.Id, out var clock))
            clock.Dispose();
    }

    private static void End(string name)
    {
        Console.Error.WriteLine($"{name} takes longer than {s_seconds} s ({Variable}).");
        Environment.Exit(ExitCode);
    }
}
