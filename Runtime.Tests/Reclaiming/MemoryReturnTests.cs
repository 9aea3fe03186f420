using System.Globalization;
using FolioRuntime.Harness;
using FolioRuntime.Scale;
using FolioRuntime.Scale.Returning;
using FolioRuntime.Tests.Faults;
using NUnit.Framework;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>What stays resident of a process that filled 256 MiB and returned them. docs/MEMORY.md has the figures of more.</summary>
public sealed class MemoryReturnTests
{
    private const int Mebibytes = 256;

    [Test]
    [Platform("Linux")]
    public void No_more_stays_resident_than_is_promised()
    {
        using var child = ChildProcess.Start(
            "Runtime.Tests.dll",
            ["memory-return", Mebibytes.ToString(CultureInfo.InvariantCulture)],
            environment => environment["DOTNET_TieredCompilation"] = "0");
        var (exitCode, output, errors) = child.Finish();
        Assert.That(exitCode, Is.Zero, errors);
        var percent = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('='))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        foreach (var objectBytes in (int[])[64, 4096])
        {
            foreach (var (way, most) in (IEnumerable<(string, double)>)[("trim", MemoryReturn.MostPercentAfterTrim), ("by itself", MemoryReturn.MostPercentByItself)])
            {
                Assert.That(percent[$"{objectBytes} {way} full"], Is.GreaterThan(100), "the objects were there, and their words");
                Assert.That(percent[$"{objectBytes} {way}"], Is.LessThanOrEqualTo(most), $"objects of {objectBytes} bytes, {way}");
            }
        }
    }

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("16385")]
    [TestCase("much")]
    public void Other_amounts_are_a_usage_error(string mebibytes)
    {
        using var output = new StringWriter();
        Assert.That(ScaleCommand.Run(["--memory-return", mebibytes], output, output), Is.EqualTo(ExitCode.Usage));
    }
}
