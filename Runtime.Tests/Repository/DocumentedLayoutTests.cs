using System.Globalization;
using System.Text.RegularExpressions;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>The table of slab layouts in docs/ARCHITECTURE.md, worked out again.</summary>
public partial class DocumentedLayoutTests
{
    [Test]
    public void EveryRowIsWhatTheRuleGives()
    {
        var rows = Row().Matches(RepositoryFiles.Read("docs/ARCHITECTURE.md"));
        Assert.That(rows, Is.Not.Empty);
        foreach (Match row in rows)
        {
            var size = int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.That(row.Value, Is.EqualTo(RowFor(size)));
        }
    }

    private static string RowFor(int sizeBytes)
    {
        const int SlotsPerFrame = 1 << FrameTableLayout.LargestSlotShift;
        var layout = SlabLayout.For(sizeBytes, alignmentBytes: 0, PageOrder.FrameBytes / SlotsPerFrame, new PoolRuntimeOptions().MaxOrder);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {sizeBytes} | {layout.StrideBytes} | {layout.SlotCount} | {layout.FrameCount} | {100 * layout.Waste:F1} % | {100 * layout.WordOverhead(SlotsPerFrame):F1} % |");
    }

    [GeneratedRegex(@"^\| (\d+) \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
