using System.Text.Json;
using FolioRuntime.Caching;
using FolioRuntime.Caching.Killing;
using FolioRuntime.Harness;
using NUnit.Framework;

namespace FolioRuntime.Tests.Caching;

/// <summary>folio-cache kill: a few kills, the controls, and what it says of them.</summary>
public sealed class KillCommandTests
{
    private string _json = "";

    [SetUp]
    public void NameJson() => _json = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"kill-{Guid.NewGuid():N}.json");

    [TearDown]
    public void RemoveJson() => File.Delete(_json);

    [Test]
    public void A_few_kills_lose_nothing_and_the_controls_are_caught()
    {
        Assert.That(Run(out var output, "kill", "--kills", "4", "--seed", "3", "--json", _json), Is.EqualTo(ExitCode.Pass), output);
        using var json = JsonDocument.Parse(File.ReadAllText(_json));
        var root = json.RootElement;
        Assert.That((root.GetProperty("tool").GetString(), root.GetProperty("mode").GetString(), root.GetProperty("verdict").GetString()), Is.EqualTo(("folio-cache", "kill", "pass")));
        Assert.That((root.GetProperty("kills").GetInt32(), root.GetProperty("wrongPages").GetInt32(), root.GetProperty("lostPages").GetInt32()), Is.EqualTo((4, 0, 0)));
        Assert.That(root.GetProperty("bytesChecked").GetInt64(), Is.EqualTo(4L * KillScript.Pages * 4096));
        Assert.That(root.GetProperty("controls").EnumerateArray().Select(control => control.GetProperty("violations").GetInt32()), Is.All.Positive);
    }

    [TestCase("flush-without-writing")]
    [TestCase("torn-without-checksums")]
    public void A_control_alone_is_a_violation(string control) =>
        Assert.That(Run(out var output, "kill", "--control", control, "--seed", "3"), Is.EqualTo(ExitCode.Violation), output);

    [TestCase("--kills", "0")]
    [TestCase("--control", "no-such")]
    [TestCase("--directory", "no-such-folder")]
    public void Wrong_usage_is_refused(string option, string value) => Assert.That(Run(out _, "kill", option, value), Is.EqualTo(ExitCode.Usage));

    private static int Run(out string output, params string[] arguments)
    {
        var text = new StringWriter();
        var exitCode = CacheCommand.Run(arguments, text, text);
        output = text.ToString();
        return exitCode;
    }
}
