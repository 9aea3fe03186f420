using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace FolioRuntime.Tests.Repository;

/// <summary>The package as <c>dotnet pack</c> makes it of the runtime that these tests were built with, opened.</summary>
internal sealed class PackedRuntime
{
    private readonly Dictionary<string, byte[]> _files;

    private PackedRuntime(Dictionary<string, byte[]> files) => _files = files;

    /// <summary>Every file in it but those of the container format itself.</summary>
    public IEnumerable<string> Files => _files.Keys.Where(name =>
        name is not "[Content_Types].xml" and not "FolioRuntime.nuspec" && !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal));

    public byte[] Library => _files["lib/net10.0/FolioRuntime.dll"];

    public XDocument Documentation => XDocument.Parse(Text("lib/net10.0/FolioRuntime.xml"));

    /// <summary>The element that says what the package is, its children without the format's namespace.</summary>
    public XElement Metadata
    {
        get
        {
            var root = XDocument.Parse(Text("FolioRuntime.nuspec")).Root!;
            foreach (var element in root.DescendantsAndSelf())
                element.Name = element.Name.LocalName;
            return root.Element("metadata")!;
        }
    }

    public static PackedRuntime Pack()
    {
        var folder = Directory.CreateTempSubdirectory("folio-package-");
        try
        {
            var start = new ProcessStartInfo(TestProgram.DotnetHost()) { WorkingDirectory = RepositoryFiles.Root, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])["pack", "Runtime/Runtime.csproj", "-c", Configuration(), "--no-build", "-nodeReuse:false", "-o", folder.FullName])
                start.ArgumentList.Add(argument);

            // The test run's own build tools are named in its environment, and not for others.
            foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
                start.Environment.Remove(name);
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"dotnet pack ended with {process.ExitCode}: {output}{errors.Result}");
            using var package = ZipFile.OpenRead(folder.EnumerateFiles("*.nupkg").Single().FullName);
            return new PackedRuntime(package.Entries.ToDictionary(entry => entry.FullName, Content, StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public string Text(string file) => Encoding.UTF8.GetString(_files[file]).TrimStart('\uFEFF');

    /// <summary>The names of the source files in the symbols that an assembly carries. None: it carries none.</summary>
    public static IReadOnlyList<string> SourcesOf(byte[] assembly)
    {
        using var image = new PEReader(new MemoryStream(assembly));
        if (image.ReadDebugDirectory().FirstOrDefault(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb) is not { DataSize: > 0 } symbols)
            return [];
        using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
        var reader = provider.GetMetadataReader();
        return [.. reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))];
    }

    // bin/<configuration>/<framework>
    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
