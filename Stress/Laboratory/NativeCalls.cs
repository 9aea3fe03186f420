using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FolioRuntime.Laboratory;

/// <summary>
/// Turns <c>[LibraryImport] partial</c> into <c>[DllImport] extern</c>. The build has a generator write the bodies; for signatures of plain
/// numbers, and the runtime has no others, what the compiler itself does is the same.
/// </summary>
internal sealed class NativeCalls : CSharpSyntaxRewriter
{
    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        if (!node.AttributeLists.SelectMany(list => list.Attributes).Any(IsImport))
            return node;
        var partial = node.Modifiers.Single(modifier => modifier.IsKind(SyntaxKind.PartialKeyword));
        var modifiers = node.Modifiers.Replace(partial, SyntaxFactory.Token(partial.LeadingTrivia, SyntaxKind.ExternKeyword, partial.TrailingTrivia));
        return base.VisitMethodDeclaration(node.WithModifiers(modifiers));
    }

    public override SyntaxNode? VisitAttribute(AttributeSyntax node) =>
        IsImport(node) ? node.WithName(SyntaxFactory.IdentifierName("DllImport")) : node;

    private static bool IsImport(AttributeSyntax attribute) => attribute.Name.ToString() == "LibraryImport";
}
