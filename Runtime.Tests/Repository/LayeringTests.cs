using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>A folder is a namespace is a layer, and a layer uses only the layers above it in <see cref="s_layers"/>.</summary>
public partial class LayeringTests
{
    // What stands above the façade, because it registers runtimes with a container: it may use all types, and nobody else knows it.
    private const string AboveTheFacade = "Hosting";

    // From what uses nothing to what may use everything; the types at the root (the façade) may use all of them but the last.
    private static readonly string[] s_layers =
        ["Primitives", "Lifetimes", "Platform", "Pages", "Folios", "Slabs", "Reclaiming", "PageCaching", "Integrations", "Diagnostics", AboveTheFacade];

    private static IEnumerable<string> RuntimeFiles => RepositoryFiles.Under("Runtime", ".cs");

    [Test]
    public void EveryFolderOfTheRuntimeIsAKnownLayer()
    {
        var folders = RuntimeFiles.Select(LayerOf).Where(layer => layer.Length > 0).Distinct();
        Assert.That(folders, Is.SubsetOf(s_layers));
    }

    [Test]
    public void TheNamespaceIsTheFolder()
    {
        var wrong = new List<string>();
        foreach (var path in RuntimeFiles)
        {
            var folder = path[..path.LastIndexOf('/')];
            var expected = "FolioRuntime" + folder["Runtime".Length..].Replace('/', '.');
            var declared = Namespace().Match(SourceText.CodeOnly(RepositoryFiles.Read(path))).Groups[1].Value;
            if (declared != expected)
                wrong.Add($"{path}: {declared}");
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void ALayerUsesOnlyLayersAboveIt()
    {
        var rootTypes = RuntimeFiles.Where(path => LayerOf(path).Length == 0).Select(path => Path.GetFileNameWithoutExtension(path)).ToArray();
        var wrong = new List<string>();
        foreach (var path in RuntimeFiles.Where(path => LayerOf(path) != AboveTheFacade))
        {
            var isFacade = LayerOf(path).Length == 0;
            var below = isFacade ? [AboveTheFacade] : s_layers[(Array.IndexOf(s_layers, LayerOf(path)) + 1)..];
            wrong.AddRange(Violations(SourceText.CodeOnly(RepositoryFiles.Read(path)), below, isFacade ? [] : rootTypes).Select(found => $"{path}: {found}"));
        }

        Assert.That(wrong, Is.Empty);
    }

    [TestCase("using FolioRuntime.Slabs;")]
    [TestCase("using static FolioRuntime.Slabs.SlabLayout;")]
    [TestCase("using Cache = FolioRuntime.Slabs.SlabCache;")]
    [TestCase("class A { FolioRuntime.Slabs.SlabCache? b; }")]
    [TestCase("class A { Slabs.SlabCache? b; }")]
    [TestCase("class A { global::FolioRuntime.Slabs.SlabCache? b; }")]
    [TestCase("class A(PoolRuntime runtime);")]
    public void AUseOfALowerLayerIsFound(string code) =>
        Assert.That(Violations(code, ["Slabs"], ["PoolRuntime"]), Is.Not.Empty);

    [TestCase("using FolioRuntime.Pages; class A { int B => this.Slabs.Count; }")]
    [TestCase("class A { PoolRuntimeLike? b; }")]
    public void OtherTextIsNot(string code) =>
        Assert.That(Violations(code, ["Slabs"], ["PoolRuntime"]), Is.Empty);

    private static List<string> Violations(string code, IEnumerable<string> forbiddenLayers, IEnumerable<string> forbiddenTypes)
    {
        // Named from inside FolioRuntime a layer needs no prefix, and the types at the root need no using.
        var layers = forbiddenLayers.SelectMany(layer => Regex.Matches(code, $@"(?:(?<![\w.])|\bFolioRuntime\.){layer}\b(?=\.[A-Z]|;)"));
        var types = forbiddenTypes.SelectMany(type => Regex.Matches(code, $@"(?<![\w.]){type}\b|\bFolioRuntime\.{type}\b"));
        return [.. layers.Concat(types).Select(match => code[match.Index..Math.Min(code.Length, match.Index + 60)].Split('\n')[0])];
    }

    private static string LayerOf(string path)
    {
        var parts = path.Split('/');
        return parts.Length > 2 ? parts[1] : "";
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
