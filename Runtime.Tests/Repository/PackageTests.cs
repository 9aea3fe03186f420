using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>What is in the package, and what must not be.</summary>
public partial class PackageTests
{
    private PackedRuntime _package = null!;

    [OneTimeSetUp]
    public void Pack() => _package = PackedRuntime.Pack();

    [Test]
    public void ItHoldsTheLibraryItsDocumentationReadmeAndLicence()
    {
        var others = _package.Files.Where(file => !file.StartsWith("docs/", StringComparison.Ordinal));
        Assert.That(others, Is.EquivalentTo(["README.md", "LICENSE", "lib/net10.0/FolioRuntime.dll", "lib/net10.0/FolioRuntime.xml"]));
        Assert.That(_package.Text("README.md"), Is.EqualTo(RepositoryFiles.Read("README.md")));
        Assert.That(_package.Text("LICENSE"), Does.StartWith("MIT License"));
    }

    [Test]
    public void WhatTheReadmeLinksToIsInIt()
    {
        var links = Links().Matches(_package.Text("README.md")).Select(link => link.Groups[1].Value).Distinct().ToArray();
        Assert.That(links, Is.Not.Empty);
        Assert.That(links, Is.SubsetOf(_package.Files));
    }

    [Test]
    public void ItSaysWhatItIs()
    {
        var metadata = _package.Metadata;
        Assert.That(metadata.Element("id")!.Value, Is.EqualTo("FolioRuntime"));
        Assert.That(metadata.Element("license")!.Value, Is.EqualTo("MIT"));
        Assert.That(metadata.Element("readme")!.Value, Is.EqualTo("README.md"));
        Assert.That(metadata.Element("authors")!.Value, Is.Not.EqualTo("FolioRuntime").And.Not.Empty, "the default is the package's own name");
        Assert.That(metadata.Element("description")!.Value, Has.Length.InRange(50, 400));
        Assert.That(metadata.Element("tags")!.Value.Split(' '), Is.Unique.And.Contains("objectpool").And.Contains("kestrel"));
        Assert.That(_package.Text("LICENSE"), Does.Contain(metadata.Element("copyright")!.Value));
    }

    [Test]
    public void ItNeedsTheFrameworksOwnPackagesAndNoOthers()
    {
        var group = _package.Metadata.Element("dependencies")!.Elements().Single();
        var needed = group.Elements().Select(dependency => dependency.Attribute("id")!.Value).ToArray();
        Assert.That(group.Attribute("targetFramework")!.Value, Is.EqualTo("net10.0"));
        Assert.That(needed.Where(id => !id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)), Is.EqualTo(["Microsoft.AspNetCore.Connections.Abstractions"]));
        Assert.That(needed, Has.Member("Microsoft.Extensions.ObjectPool"));
        Assert.That(_package.Metadata.Element("frameworkReferences"), Is.Null, "a program without ASP.NET Core can use it");
    }

    [Test]
    public void EveryPublicTypeIsDocumented()
    {
        var documented = _package.Documentation.Descendants("member").Select(member => member.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);
        var missing = typeof(PoolRuntime).Assembly.GetExportedTypes().Select(type => "T:" + type.FullName!.Replace('+', '.')).Where(name => !documented.Contains(name));
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void ItsLibraryIsTheOneTestedAndMayBeTrimmed()
    {
        Assert.That(_package.Library.AsSpan().SequenceEqual(File.ReadAllBytes(typeof(PoolRuntime).Assembly.Location)), Is.True);
        var facts = typeof(PoolRuntime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(fact => fact.Key, fact => fact.Value);
        Assert.That(facts, Does.ContainKey("IsTrimmable").WithValue("True").And.ContainKey("IsAotCompatible").WithValue("True"));
    }

    [Test]
    public void ItCarriesSymbols() => Assert.That(PackedRuntime.SourcesOf(_package.Library), Has.Some.EndsWith("Runtime/PoolRuntime.cs"));

#if !DEBUG
    // Of a release build, which is what is published: a debug build keeps the folders for whoever steps through it.
    [Test]
    public void ItNamesNoFolderOfTheMachineThatBuiltIt()
    {
        Assert.That(PackedRuntime.SourcesOf(_package.Library), Has.All.StartsWith("/_/"));
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
            Assert.That(_package.Library.AsSpan().IndexOf(encoding.GetBytes(RepositoryFiles.Root)), Is.EqualTo(-1), encoding.EncodingName);
    }
#endif

    [Test]
    public void AFolderInSymbolsWouldBeSeen()
    {
        var compilation = CSharpCompilation.Create(
            "Elsewhere",
            [CSharpSyntaxTree.ParseText("class Thing { int Two() => 2; }", path: "/elsewhere/Thing.cs", encoding: Encoding.UTF8)],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        Assert.That(compilation.Emit(assembly, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded)).Success, Is.True);
        Assert.That(PackedRuntime.SourcesOf(assembly.ToArray()), Is.EqualTo(["/elsewhere/Thing.cs"]));
    }

    [GeneratedRegex(@"\]\((?!\w+:)([^)#\s]+)[^)]*\)")]
    private static partial Regex Links();
}
