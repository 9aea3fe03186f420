using System.Globalization;

namespace Sample;

/// <summary>What a scrape gave: lines of <c>name{label="value",…} number</c>, with a time behind them or not.</summary>
internal sealed class PrometheusText(string text)
{
    /// <summary>The sum of a metric over the series that have all these labels; null if there is none.</summary>
    public double? Sum(string name, params IReadOnlyList<(string Name, string Value)> labels)
    {
        double? sum = null;
        foreach (var line in text.Split('\n'))
        {
            var end = line.LastIndexOf('}');
            if (end < 0 || !line.StartsWith(name + "{", StringComparison.Ordinal))
                continue;
            if (labels.All(label => line.Contains($"{label.Name}=\"{label.Value}\"", StringComparison.Ordinal)))
                sum = (sum ?? 0) + double.Parse(line[(end + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return sum;
    }
}
