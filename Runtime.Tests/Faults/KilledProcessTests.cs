using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FolioRuntime.Harness;
using FolioRuntime.Race;
using NUnit.Framework;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// Processes killed at any moment (SIGKILL): their results are whole or not there, what they leave half-done disturbs nobody, and nothing of a
/// runtime outlives its process.
/// </summary>
internal sealed class KilledProcessTests
{
    private const int Kills = 12;
    private const int KillsOfPublisher = 8;
    private const int MostKillsOfPublisher = 200;

    private string _folder = "";

    private string Json => Path.Combine(_folder, "result.json");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("folio-killed-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_stress_program_killed_at_any_moment_leaves_a_whole_result_or_none()
    {
        var (absent, whole) = (0, 0);

        // One whole life tells how long the others might live: on any machine some are killed early, some late, some not in time.
        var life = Stopwatch.StartNew();
        using (var unharmed = StartRace())
            Assert.That(unharmed.Finish().ExitCode, Is.EqualTo(ExitCode.Inconclusive));
        var milliseconds = (int)life.ElapsedMilliseconds;
        RequireWhole(Json);
        File.Delete(Json);
        for (var i = 0; i < Kills; i++)
        {
            using var race = StartRace();
            race.Kill(afterMilliseconds: Random.Shared.Next(milliseconds * 5 / 4));
            if (!File.Exists(Json))
            {
                absent++;
                continue;
            }

            RequireWhole(Json);
            whole++;
            File.Delete(Json);
        }

        TestContext.Out.WriteLine($"{Kills} kills: {absent} without a result, {whole} with a whole one, {PartialFiles().Length} half-written files left");
        RequireNextRunIsUndisturbed();
    }

    [Test]
    public void A_program_killed_while_it_publishes_leaves_the_last_result_whole()
    {
        var (kills, interrupted) = (0, 0);
        for (; kills < KillsOfPublisher || (interrupted == 0 && kills < MostKillsOfPublisher); kills++)
        {
            using var publisher = ChildProcess.Start("Runtime.Tests.dll", ["publish", Json]);
            for (var published = 0; published <= kills % 4; published++)
                Assert.That(publisher.ReadLine(), Is.EqualTo($"{published}"));
            publisher.Kill();
            RequireWhole(Json);
            interrupted += PartialFiles().Length;
        }

        TestContext.Out.WriteLine($"{kills} kills, {interrupted} in the middle of a file");
        Assert.That(interrupted, Is.Positive, "else nothing was put to the test");
        RequireNextRunIsUndisturbed();
    }

    [Test]
    public void What_a_killed_run_left_half_written_is_replaced_and_published_over()
    {
        File.WriteAllText(Json + ".partial", new string('{', 100_000));
        RequireNextRunIsUndisturbed();
    }

    /// <summary>The control: a program that writes in place, killed half-way.</summary>
    [Test]
    public void A_result_written_in_place_is_found_broken()
    {
        using (var writer = ChildProcess.Start("Runtime.Tests.dll", ["write-in-place", Json]))
        {
            Assert.That(writer.ReadLine(), Is.EqualTo("ready"));
            writer.Kill();
        }

        Assert.That(() => RequireWhole(Json), Throws.TypeOf<FaultFoundException>());
    }

    [Test]
    public void Nothing_of_a_runtime_outlives_its_killed_process()
    {
        const int Mebibytes = 256;
        using var holder = ChildProcess.Start("Runtime.Tests.dll", ["hold", $"{Mebibytes}"], environment => environment["TMPDIR"] = _folder);
        Assert.That(holder.ReadLine(), Is.EqualTo("ready"));
        if (OperatingSystem.IsLinux())
        {
            var residentPages = long.Parse(File.ReadAllText($"/proc/{holder.Id}/statm").Split(' ')[1], CultureInfo.InvariantCulture);
            Assert.That(residentPages * Environment.SystemPageSize, Is.GreaterThan((long)Mebibytes << 20), "the memory was there");
            Assert.That(Mapped(holder.Id), Has.None.StartsWith("/dev/shm/").And.None.StartsWith(_folder), "and in no file");
            Assert.That(Open(holder.Id), Has.None.StartsWith("/dev/shm/").And.None.StartsWith(_folder));
        }

        holder.Kill();
        if (OperatingSystem.IsLinux())
            Assert.That(Directory.Exists($"/proc/{holder.Id}"), Is.False);
        Assert.That(Directory.EnumerateFileSystemEntries(_folder), Is.Empty, "no temporary file");
    }

    private ChildProcess StartRace() =>
        ChildProcess.Start("folio-race.dll", ["--protocol", "runtime", "--scenario", "stale-handles", "--seconds", "0.1", "--json", Json]);

    private static IEnumerable<string> Mapped(int process) =>
        File.ReadLines($"/proc/{process}/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..]);

    private static IEnumerable<string> Open(int process) =>
        Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(link => new FileInfo(link).LinkTarget ?? "");

    private static void RequireWhole(string path)
    {
        try
        {
            JsonDocument.Parse(File.ReadAllText(path)).Dispose();
        }
        catch (JsonException exception)
        {
            throw new FaultFoundException($"the result is there and not whole: {exception.Message}");
        }
    }

    private string[] PartialFiles() => Directory.GetFiles(_folder, "*.partial");

    private void RequireNextRunIsUndisturbed()
    {
        string[] arguments = ["--protocol", "runtime", "--scenario", "stale-handles", "--seconds", "0.01", "--seed", "9", "--json", Json];
        Assert.That(RaceCommand.Run(arguments, TextWriter.Null, TextWriter.Null), Is.EqualTo(ExitCode.Inconclusive), "the subject alone");
        using var json = JsonDocument.Parse(File.ReadAllText(Json));
        Assert.That(json.RootElement.GetProperty("seed").GetUInt64(), Is.EqualTo(9));
        Assert.That(PartialFiles(), Is.Empty);
    }
}
