using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FolioRuntime.Laboratory;

/// <summary>
/// Compiles the instrumented build from the sources in the repository: as it is, with one mutant, or with many of which each context wakes one. The sources
/// are read and parsed once; each build costs the emission of the whole, which takes a second or more. Thread-safe.
/// </summary>
public sealed partial class MutantCompiler
{
    private const string BuildFile = "Build.cs";

    // What the SDK adds to the project: its implicit usings, its assembly's version, and its InternalsVisibleTo.
    private const string Build = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        [assembly: System.Reflection.AssemblyVersion("0.1.0.0")]
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Runtime.Tests")]
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("folio-race")]
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("folio-explore")]
        """;

    // Read-only, so that nothing is announced of it.
    private const string Planted = """
        namespace FolioRuntime.Laboratory;
        internal static class Planted
        {
            public static readonly int Number = int.TryParse(System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(typeof(Planted).Assembly)?.Name, out var number) ? number : 0;
        }
        """;

    private readonly CSharpParseOptions _parsing;
    private readonly CSharpCompilation _unchanged;
    private readonly Dictionary<string, (string Text, SyntaxTree Tree)> _sources = [];

    /// <param name="repositoryRoot">The folder with Runtime.sln.</param>
    /// <param name="isDebug">With the checks of a debug build.</param>
    public MutantCompiler(string repositoryRoot, bool isDebug = false)
    {
        _parsing = new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.None, preprocessorSymbols: [.. Symbols, isDebug ? "DEBUG" : "RELEASE"]);
        foreach (var (path, text) in InstrumentedSources.Read(repositoryRoot))
            _sources.Add(path, (text, Parse(path, text)));
        _unchanged = CSharpCompilation.Create(
            "FolioRuntime.Instrumented",
            _sources.Values.Select(source => source.Tree).Append(Parse(BuildFile, Build)),
            References.OfThisProcess(),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable,
                deterministic: true));
    }

    private static IEnumerable<string> Symbols => ["TRACE", "NET", "NETCOREAPP", "NET10_0", .. Enumerable.Range(5, 6).Select(version => $"NET{version}_0_OR_GREATER")];

    /// <summary>The build as it is.</summary>
    public byte[] Compile() => Emit(_unchanged, "the unchanged build");

    /// <summary>The build with one mutant.</summary>
    /// <exception cref="MutantException">Its original is not in its file, or not once, or it doesn't compile.</exception>
    public byte[] Compile(Mutant mutant)
    {
        ArgumentNullException.ThrowIfNull(mutant);
        var (_, text) = Place(mutant);
        return Emit(_unchanged.ReplaceSyntaxTree(_sources[mutant.File].Tree, Parse(mutant.File, text)), $"the mutant {mutant.Name}");
    }

    /// <summary>One build with all of these that lie within a method or property. What lies elsewhere, has drifted or doesn't compile is left out: it has to be compiled alone.</summary>
    /// <exception cref="MutantException">The build doesn't compile with those that do alone.</exception>
    public PlantedMutants Plant(IEnumerable<Mutant> mutants)
    {
        ArgumentNullException.ThrowIfNull(mutants);
        var compilation = _unchanged.AddSyntaxTrees(Parse("Planted.cs", Planted));
        var numbers = new Dictionary<Mutant, int>();
        var last = 0;
        foreach (var file in mutants.GroupBy(mutant => mutant.File))
        {
            if (!_sources.TryGetValue(file.Key, out var source))
                continue;
            var bed = new MutantBed(source.Text, CSharpSyntaxTree.ParseText(source.Text, _parsing));
            foreach (var mutant in file.Where(mutant => TryPlant(bed, mutant, last + 1)))
                numbers.Add(mutant, ++last);
            compilation = compilation.ReplaceSyntaxTree(source.Tree, Parse(file.Key, bed.Text()));
        }

        return new PlantedMutants(Emit(compilation, "the build with all mutants"), numbers);
    }

    private bool TryPlant(MutantBed bed, Mutant mutant, int number)
    {
        try
        {
            var (place, text) = Place(mutant);
            var mutated = CSharpSyntaxTree.ParseText(text, _parsing);
            return !mutated.GetDiagnostics().Any() && bed.TryPlant(number, place, mutated);
        }
        catch (MutantException)
        {
            return false;
        }
    }

    // Where its original stands, and the file with its replacement there.
    private (TextSpan Place, string Text) Place(Mutant mutant)
    {
        if (!_sources.TryGetValue(mutant.File, out var source))
            throw new MutantException($"The mutant {mutant.Name} has drifted: {mutant.File} is no source of the instrumented build.");
        var places = Pattern(mutant.Original).Matches(source.Text);
        if (places.Count != 1)
            throw new MutantException($"The mutant {mutant.Name} has drifted from {mutant.File}: its original stands there {places.Count} times.");
        var place = places[0];
        return (new TextSpan(place.Index, place.Length), string.Concat(source.Text.AsSpan(0, place.Index), mutant.Replacement, source.Text.AsSpan(place.Index + place.Length)));
    }

    private SyntaxTree Parse(string path, string text)
    {
        var tree = CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), _parsing, path);
        return text.Contains("LibraryImport", StringComparison.Ordinal)
            ? tree.WithRootAndOptions(new NativeCalls().Visit(tree.GetRoot()), _parsing)
            : tree;
    }

    private static byte[] Emit(CSharpCompilation compilation, string what)
    {
        var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        if (result.Success)
            return assembly.ToArray();
        var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(3);
        throw new MutantException($"{char.ToUpperInvariant(what[0])}{what[1..]} doesn't compile: {string.Join("; ", errors)}");
    }

    // The text itself, except that between its lines any indentation and line ending will do.
    private static Regex Pattern(string original)
    {
        var lines = LineBreak().Split(original.Trim()).Select(Regex.Escape);
        return new Regex(string.Join(@"[ \t]*\r?\n\s*", lines), RegexOptions.CultureInvariant);
    }

    [GeneratedRegex(@"[ \t]*\r?\n\s*")]
    private static partial Regex LineBreak();
}
