using System.Text.RegularExpressions;

namespace FolioRuntime.Tests.Repository;

/// <summary>C# text reduced to what the compiler acts on, line by line as in the file.</summary>
internal static partial class SourceText
{
    /// <summary>Without comments, and with string and character literals emptied. The number of lines stays.</summary>
    public static string CodeOnly(string text) => CommentOrLiteral().Replace(text, match =>
        match.Value[0] == '/' ? Newlines(match.Value) : "\"\"" + Newlines(match.Value));

    private static string Newlines(string text) => new('\n', text.Count(character => character == '\n'));

    // In the order in which they must be tried: comments, raw strings, verbatim strings, plain strings, characters.
    [GeneratedRegex("""""//[^\n]*|/\*.*?\*/|"""+.*?"""+|[@$]+"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.[^']*|[^'\\])'""""", RegexOptions.Singleline)]
    private static partial Regex CommentOrLiteral();
}
