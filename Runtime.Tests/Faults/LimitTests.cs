using System.Globalization;
using NUnit.Framework;

namespace FolioRuntime.Tests.Faults;

/// <summary>Whole processes under a limit: on address space (<c>ulimit -v</c>), and on memory, as in a container.</summary>
[Platform("Linux")]
internal sealed class LimitTests
{
    // What the .NET runtime itself needs, with the collector's heap limited, is below 2 GiB on every machine tried.
    private const long AddressSpaceKibibytes = 4L << 20;
    private const long HeapBytes = 256L << 20;

    [Test]
    public void Under_a_limit_on_address_space_all_of_a_runtime_works()
    {
        var facts = Run("limited", $"ulimit -v {AddressSpaceKibibytes} &&", LimitHeap);
        var reserved = Number(facts, "reserved");
        var asked = 2 * Number(facts, "capacity");
        TestContext.Out.WriteLine($"ulimit -v {AddressSpaceKibibytes}: capacity {Number(facts, "capacity")}, reserved {reserved}");
        Assert.That(asked, Is.GreaterThanOrEqualTo(reserved));
        Assert.That(reserved, Is.GreaterThanOrEqualTo(16L << 20));
        RequireFilledTwice(facts);
    }

    [Test]
    public void With_address_space_used_up_making_a_runtime_fails_with_a_clear_error_and_works_again_later()
    {
        // What is left after the last full reservation may by chance be short of the smallest one; not so with all of these limits.
        var limit = AddressSpaceKibibytes;
        var (facts, reserved) = Refused(limit);
        for (var more = 1; more < 8 && reserved[^1] == reserved[0]; more++)
        {
            limit += 64 << 10;
            (facts, reserved) = Refused(limit);
        }

        TestContext.Out.WriteLine($"ulimit -v {limit}: {reserved.Length} runtimes, of {string.Join(", ", reserved.Select(bytes => $"{bytes >> 20}"))} MiB, then: {facts["refusal"].First()}");
        Assert.That(reserved[0], Is.EqualTo(512L << 20), "twice the capacity, as long as there is room");
        Assert.That(reserved[^1], Is.LessThan(reserved[0]), "halved, as room gets scarce");
        Assert.That(reserved, Has.All.GreaterThanOrEqualTo(16L << 20), "but not below the smallest");
        Assert.That(facts["refusal"].First(), Does.StartWith("VirtualMemoryException: mmap").And.Contains("ulimit -v"));
        Assert.That(Number(facts, "again"), Is.EqualTo(16L << 20));
    }

    [Test]
    public void Under_a_memory_limit_the_default_budget_is_a_quarter_and_the_collector_lives_beside_it()
    {
        using var limit = new MemoryLimit(HeapBytes);
        TestContext.Progress.WriteLine($"memory limit: {limit.Description}");
        var facts = Run("limited", limit.Command, limit.AddTo);
        var available = Number(facts, "available");
        Assert.That(available, Is.InRange(HeapBytes / 2, HeapBytes), "the collector sees the limit");
        Assert.That(Number(facts, "capacity"), Is.InRange((available / 4) - 4096, available / 4));
        Assert.That(Number(facts, "arrays"), Is.InRange(16L << 20, HeapBytes / 2), "an array of the default size doesn't fit into the heap, and was halved");
        RequireFilledTwice(facts);
    }

    [Test]
    public void A_budget_that_is_spent_under_a_limit_is_refused_with_a_message_and_no_crash()
    {
        using var limit = new MemoryLimit(HeapBytes / 2);
        TestContext.Progress.WriteLine($"memory limit: {limit.Description}");
        var facts = Run("limited", limit.Command, limit.AddTo);
        Assert.That(Number(facts, "rented"), Is.InRange(Number(facts, "capacity") * 9 / 10, Number(facts, "capacity")));
        Assert.That(facts["refusal"].First(), Does.StartWith("OutOfMemoryException").And.Contains("capacity").And.Contains("Most is held by filled"));
        Assert.That(Number(facts, "lost"), Is.Zero);
    }

    /// <summary>The control: it is the limits that these programs meet.</summary>
    [Test]
    public void Without_a_memory_limit_or_with_more_address_space_there_is_more()
    {
        var facts = Run("limited", "", _ => { });
        Assert.That(Number(facts, "available"), Is.GreaterThan(HeapBytes));
        Assert.That(Number(facts, "capacity"), Is.GreaterThan(HeapBytes / 4));
        RequireFilledTwice(facts);
        Assert.That(Refused(AddressSpaceKibibytes * 2).Reserved.Sum(), Is.GreaterThanOrEqualTo(Refused(AddressSpaceKibibytes).Reserved.Sum() + (AddressSpaceKibibytes << 9)));
    }

    private static (ILookup<string, string> Facts, long[] Reserved) Refused(long kibibytes)
    {
        var facts = Run("refused", $"ulimit -v {kibibytes} &&", LimitHeap);
        return (facts, [.. facts["reserved"].Select(text => long.Parse(text, CultureInfo.InvariantCulture))]);
    }

    private static void LimitHeap(IDictionary<string, string?> environment) => environment["DOTNET_GCHeapHardLimit"] = $"0x{HeapBytes:x}";

    private static void RequireFilledTwice(ILookup<string, string> facts)
    {
        Assert.That(facts["rented"].Distinct().Single(), Is.EqualTo($"{48 << 20}"), "as much after a trim as before it");
        Assert.That(facts["managed"], Has.Exactly(2).Items);
        Assert.That(Number(facts, "lost"), Is.Zero);
    }

    private static long Number(ILookup<string, string> facts, string name) => long.Parse(facts[name].First(), CultureInfo.InvariantCulture);

    private static ILookup<string, string> Run(string child, string command, Action<IDictionary<string, string?>> environment)
    {
        using var process = ChildProcess.StartLimited(command, child, environment);
        var (exitCode, output, errors) = process.Finish();
        Assert.That(exitCode, Is.Zero, $"{output}{errors}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToLookup(parts => parts[0], parts => parts[1]);
    }
}
