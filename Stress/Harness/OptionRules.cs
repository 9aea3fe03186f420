using System.CommandLine;
using System.Globalization;

namespace FolioRuntime.Harness;

/// <summary>Ranges for options that hold one number. A value that isn't a number at all is left to the parser, which says so itself.</summary>
public static class OptionRules
{
    public static Option<T> Require<T>(this Option<T> option, Predicate<T> rule, string otherwise)
        where T : IParsable<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !rule(value))
                result.AddError($"{option.Name} must be {otherwise}.");
        });
        return option;
    }
}
