using System.Globalization;

namespace FolioRuntime.Tests.Properties;

/// <summary>How much the random tests try: their usual numbers, or a multiple of them where FOLIO_EFFORT in the environment says so.</summary>
internal static class Effort
{
    public const string Variable = "FOLIO_EFFORT";

    /// <summary>1 where the variable is unset.</summary>
    public static int Factor { get; } = FactorOf(Environment.GetEnvironmentVariable(Variable));

    public static int Times(int usual) => checked(usual * Factor);

    /// <summary>What a value of the variable means.</summary>
    /// <exception cref="FormatException">It is not a number of at least 1: better no run than one that tries nothing.</exception>
    public static int FactorOf(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return 1;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var factor) && factor > 0
            ? factor
            : throw new FormatException($"{Variable} must be a whole number from 1, not '{value}'.");
    }
}
