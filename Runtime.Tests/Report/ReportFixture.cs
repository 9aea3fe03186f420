using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report;
using NUnit.Framework;

namespace FolioRuntime.Tests.Report;

/// <summary>Gives each test a folder of its own, with the files that it writes and the reports made of them; gone afterwards.</summary>
internal abstract class ReportFixture
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("folio-report-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    protected string At(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a run as folio-scale does.</summary>
    protected string Write(string name, ScaleReport report)
    {
        JsonFile.Write(At(name), report, ScaleJson.Default.ScaleReport);
        return At(name);
    }

    protected string WriteText(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Runs folio-report, which writes to the folder "out" unless told otherwise.</summary>
    protected (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        string[] whole = arguments.Contains("--output") ? arguments : ["--output", At("out"), .. arguments];
        return (ReportCommand.Run(whole, output, errors), output.ToString(), errors.ToString());
    }

    protected void Require(int exitCode, params string[] arguments)
    {
        var (code, output, errors) = Run(arguments);
        Assert.That(code, Is.EqualTo(exitCode), output + errors);
    }

    /// <summary>The page in "out".</summary>
    protected string Page() => File.ReadAllText(At("out/report.html"));

    /// <summary>Names of what is in "out".</summary>
    protected string[] Written() => Directory.Exists(At("out")) ? [.. Directory.GetFiles(At("out")).Select(file => Path.GetFileName(file))] : [];
}
