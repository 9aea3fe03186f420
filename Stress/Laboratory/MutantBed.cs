using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FolioRuntime.Laboratory;

/// <summary>
/// A source with many mutants planted in it, each asleep: beside the method or property that a mutant changes stands a copy with the change, and the original
/// goes there if the mutant of that number is awake.
/// <code>
///   int Count() { … }   →   int Count() { if (Planted.Number == 7) return Count__mutant7(); … }
///                           private int Count__mutant7() { … the same with the change … }
/// </code>
/// What a mutant changes elsewhere, such as in a constructor, an operator or a field, can't be planted so.
/// </summary>
internal sealed class MutantBed(string text, SyntaxTree tree)
{
    /// <summary>What is between a member's name and the number of the mutant that its copy has.</summary>
    public const string Suffix = "__mutant";

    private readonly SyntaxNode _root = tree.GetRoot();
    private readonly List<(int At, int Length, string Text)> _copies = [];
    private readonly Dictionary<MemberDeclarationSyntax, List<int>> _planted = [];

    /// <summary>Plants a mutant. False: it isn't within one method or property that can have a copy.</summary>
    /// <param name="number">Its number, above 0.</param>
    /// <param name="change">Where the original stands.</param>
    /// <param name="mutated">The file with the replacement.</param>
    public bool TryPlant(int number, TextSpan change, SyntaxTree mutated)
    {
        var member = _root.FindNode(change).AncestorsAndSelf().OfType<MemberDeclarationSyntax>().First();
        if (!member.FullSpan.Contains(change) || !CanHaveCopy(member) || Counterpart(member, mutated.GetRoot()) is not { } counterpart)
            return false;
        _copies.Add((member.Span.End, 0, "\n" + CopyOf(counterpart, number)));
        if (!_planted.TryGetValue(member, out var numbers))
            _planted.Add(member, numbers = []);
        numbers.Add(number);
        return true;
    }

    /// <summary>The file with what has been planted.</summary>
    public string Text()
    {
        // An original's end comes before its copies.
        List<(int At, int Length, string Text)> edits = [.. _planted.SelectMany(planted => Entrances(planted.Key, planted.Value)), .. _copies];
        var planted = new StringBuilder(text);

        // From the end; at one place the later before the earlier, so that they stand in their order.
        foreach (var (at, length, inserted) in edits.Select((edit, index) => (edit, index)).OrderByDescending(edit => edit.edit.At).ThenByDescending(edit => edit.index).Select(edit => edit.edit))
            planted.Remove(at, length).Insert(at, inserted);
        return planted.ToString();
    }

    private static bool CanHaveCopy(MemberDeclarationSyntax member) => member.Parent is ClassDeclarationSyntax or StructDeclarationSyntax && member switch
    {
        MethodDeclarationSyntax method => (method.Body ?? (SyntaxNode?)method.ExpressionBody) is { } body
            && !body.DescendantNodes().OfType<YieldStatementSyntax>().Any()
            && !(method.Modifiers.Any(SyntaxKind.OverrideKeyword) && method.TypeParameterList is not null)
            && !(IsAsync(method) && IsVoid(method)),
        PropertyDeclarationSyntax property => property.Initializer is null
            && (property.ExpressionBody is not null || property.AccessorList!.Accessors.All(accessor => BodyOf(accessor) is not null && !accessor.IsKind(SyntaxKind.InitAccessorDeclaration))),
        _ => false,
    };

    // The same member in the file with the replacement, which must be all that differs there.
    private MemberDeclarationSyntax? Counterpart(MemberDeclarationSyntax member, SyntaxNode mutated)
    {
        var at = mutated.DescendantNodes().OfType<MemberDeclarationSyntax>().ElementAtOrDefault(_root.DescendantNodes().OfType<MemberDeclarationSyntax>().ToList().IndexOf(member));
        return at is not null && at.RawKind == member.RawKind && SignatureOf(at) == SignatureOf(member) && SyntaxFactory.AreEquivalent(_root.ReplaceNode(member, at), mutated) ? at : null;
    }

    private static string SignatureOf(MemberDeclarationSyntax member) => BodyOf(member) is { } body ? member.ToString()[..(body.SpanStart - member.SpanStart)] : "";

    private static string CopyOf(MemberDeclarationSyntax member, int number)
    {
        var kept = member.Modifiers.Where(modifier => modifier.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.UnsafeKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.ReadOnlyKeyword);
        var modifiers = SyntaxFactory.TokenList(kept.Prepend(SyntaxFactory.Token([], SyntaxKind.PrivateKeyword, [SyntaxFactory.Space])));
        MemberDeclarationSyntax copy = member switch
        {
            MethodDeclarationSyntax method => method.WithExplicitInterfaceSpecifier(null).WithIdentifier(SyntaxFactory.Identifier(NameOf(method.Identifier, number))),
            PropertyDeclarationSyntax property => property.WithExplicitInterfaceSpecifier(null).WithIdentifier(SyntaxFactory.Identifier(NameOf(property.Identifier, number))),
            _ => throw new ArgumentException("Neither a method nor a property.", nameof(member)),
        };
        return copy.WithModifiers(modifiers).ToString() + "\n";
    }

    private static IEnumerable<(int At, int Length, string Text)> Entrances(MemberDeclarationSyntax member, List<int> numbers)
    {
        if (member is MethodDeclarationSyntax method)
        {
            var arguments = string.Join(", ", method.ParameterList.Parameters.Select(ArgumentOf));
            var awaits = IsAsync(method) ? "await " : "";
            string Call(int number) => $"{awaits}{NameOf(method.Identifier, number)}{TypeArgumentsOf(method)}({arguments})";
            var isVoid = IsVoid(method) || (IsAsync(method) && method.ReturnType is not GenericNameSyntax);
            var entrances = numbers.Select(number => If(number, isVoid ? $"{Call(number)}; return;" : Return(method.ReturnType, Call(number))));
            return Edits(method.Body, method.ExpressionBody, method.SemicolonToken, string.Concat(entrances), isVoid, "");
        }

        var property = (PropertyDeclarationSyntax)member;
        var get = string.Concat(numbers.Select(number => If(number, Return(property.Type, NameOf(property.Identifier, number)))));
        var set = string.Concat(numbers.Select(number => If(number, $"{NameOf(property.Identifier, number)} = value; return;")));
        return property.ExpressionBody is not null
            ? Edits(null, property.ExpressionBody, property.SemicolonToken, get, isVoid: false, "get ")
            : property.AccessorList!.Accessors.SelectMany(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration)
                ? Edits(accessor.Body, accessor.ExpressionBody, accessor.SemicolonToken, get, isVoid: false, "")
                : Edits(accessor.Body, accessor.ExpressionBody, accessor.SemicolonToken, set, isVoid: true, ""));
    }

    // Of an expression, what stands between arrow and semicolon becomes a statement; of a property, within an accessor.
    private static IEnumerable<(int At, int Length, string Text)> Edits(
        BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon, string entrances, bool isVoid, string accessor)
    {
        if (body is not null)
        {
            yield return (body.OpenBraceToken.Span.End, 0, entrances);
            yield break;
        }

        var (opening, closing) = accessor.Length > 0 ? ($"{{ {accessor}{{", "} }") : ("{", "}");
        yield return (arrow!.ArrowToken.SpanStart, arrow.ArrowToken.Span.Length, opening + entrances + (isVoid || arrow.Expression is ThrowExpressionSyntax ? "" : " return "));
        yield return (semicolon.Span.End, 0, closing);
    }

    private static string If(int number, string statements) =>
        string.Create(CultureInfo.InvariantCulture, $" if (global::FolioRuntime.Laboratory.Planted.Number == {number}) {{ {statements} }}");

    private static string Return(TypeSyntax type, string value) => type is RefTypeSyntax ? $"return ref {value};" : $"return {value};";

    private static string ArgumentOf(ParameterSyntax parameter) =>
        (parameter.Modifiers.Any(SyntaxKind.OutKeyword) ? "out "
            : parameter.Modifiers.Any(SyntaxKind.InKeyword) || (parameter.Modifiers.Any(SyntaxKind.RefKeyword) && parameter.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)) ? "in "
            : parameter.Modifiers.Any(SyntaxKind.RefKeyword) ? "ref " : "")
        + parameter.Identifier.Text;

    private static string TypeArgumentsOf(MethodDeclarationSyntax method) =>
        method.TypeParameterList is { } list ? $"<{string.Join(", ", list.Parameters.Select(parameter => parameter.Identifier.Text))}>" : "";

    private static string NameOf(SyntaxToken identifier, int number) => string.Create(CultureInfo.InvariantCulture, $"{identifier.Text}{Suffix}{number}");

    private static SyntaxNode? BodyOf(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.Body ?? (SyntaxNode?)method.ExpressionBody,
        PropertyDeclarationSyntax property => property.ExpressionBody ?? (SyntaxNode?)property.AccessorList,
        AccessorDeclarationSyntax accessor => accessor.Body ?? (SyntaxNode?)accessor.ExpressionBody,
        _ => null,
    };

    private static bool IsAsync(MethodDeclarationSyntax method) => method.Modifiers.Any(SyntaxKind.AsyncKeyword);

    private static bool IsVoid(MethodDeclarationSyntax method) => method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
}
