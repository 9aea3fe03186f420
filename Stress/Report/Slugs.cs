using System.Text.RegularExpressions;

namespace FolioRuntime.Report;

/// <summary>Names of files and of places in a page: small letters, digits and dashes, none given out twice, whatever the names in the JSON.</summary>
internal sealed partial class Slugs
{
    private readonly HashSet<string> _taken = [];

    public string For(string name)
    {
        var plain = Others().Replace(name.ToLowerInvariant(), "-").Trim('-');
        if (plain.Length == 0)
            plain = "unnamed";
        var slug = plain;
        for (var number = 2; !_taken.Add(slug); number++)
            slug = $"{plain}-{number}";
        return slug;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
