using FolioRuntime.Tests.Repository;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FolioRuntime.Tests.Laboratory;

/// <summary>Small assemblies compiled while the tests run.</summary>
internal static class Compiled
{
    private static readonly MetadataReference[] s_framework =
    [
        .. Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Where(IsManaged)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>One that announces to an observer of its own, as the instrumented build does: the seam's hooks beside the text.</summary>
    public static byte[] WithHooks(string text) => Bytes(
        "Fixture",
        [
            text,
            RepositoryFiles.Read("Stress/Instrumented/PlainAccess.cs"),
            RepositoryFiles.Read("Stress/Instrumented/SeamObserver.cs"),
            RepositoryFiles.Read("Stress/Instrumented/SeamOperation.cs"),
            RepositoryFiles.Read("Runtime/Primitives/GlanceAttribute.cs"),
        ],
        []);

    /// <summary>The file of one that uses the instrumented build, with the name of a friend that it has.</summary>
    public static string UserOf(byte[] instrumented, string text)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("folio-user-").FullName, "folio-explore.dll");
        File.WriteAllBytes(path, Bytes("folio-explore", [text], [MetadataReference.CreateFromImage(instrumented), MetadataReference.CreateFromFile(typeof(Microsoft.Extensions.ObjectPool.ObjectPool).Assembly.Location)]));
        return path;
    }

    private static byte[] Bytes(string name, IEnumerable<string> texts, IEnumerable<MetadataReference> references)
    {
        const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading;";
        var compilation = CSharpCompilation.Create(
            name,
            texts.Append(Usings).Select(text => CSharpSyntaxTree.ParseText(text)),
            [.. s_framework, .. references],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        return result.Success ? assembly.ToArray() : throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
    }

    private static bool IsManaged(string path)
    {
        using var stream = File.OpenRead(path);
        using var image = new System.Reflection.PortableExecutable.PEReader(stream);
        return image.HasMetadata;
    }
}
