using System.CommandLine;
using FolioRuntime.Harness;
using NUnit.Framework;

namespace FolioRuntime.Tests.Harness;

/// <summary>What every stress program rests on.</summary>
internal sealed class HarnessTests
{
    [Test]
    public void A_team_runs_each_index_once()
    {
        var ran = new int[8];
        ThreadTeam.Run(ran.Length, index => Interlocked.Increment(ref ran[index]));
        Assert.That(ran, Has.All.EqualTo(1));
    }

    [Test]
    public void A_team_throws_what_a_thread_threw_after_all_have_ended()
    {
        using var stop = new ManualResetEventSlim();
        var ended = 0;
        void Work(int index)
        {
            if (index == 1)
                throw new InvalidDataException("planted");
            stop.Wait();
            Interlocked.Increment(ref ended);
        }

        Assert.That(() => ThreadTeam.Run(3, Work, _ => stop.Set()), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("planted"));
        Assert.That(ended, Is.EqualTo(2));
    }

    [Test]
    public void Random_streams_repeat_from_their_seed_and_differ_from_each_other()
    {
        var (first, again, other) = (new XorShift(7, 0), new XorShift(7, 0), new XorShift(7, 1));
        var differs = false;
        for (var i = 0; i < 1000; i++)
        {
            var value = first.Below(100);
            Assert.That(value, Is.InRange(0, 99));
            Assert.That(again.Below(100), Is.EqualTo(value));
            differs |= other.Below(100) != value;
        }

        Assert.That(differs, Is.True);
        Assert.That(default(XorShift).IsSeeded, Is.False);
    }

    [TestCase(new string[0], ExitCode.Pass)]
    [TestCase(new[] { "--seconds", "3", "--threads", "2", "--seed", "9" }, ExitCode.Pass)]
    [TestCase(new[] { "--threads", "0" }, ExitCode.Usage)]
    [TestCase(new[] { "--seconds", "-3" }, ExitCode.Usage)]
    [TestCase(new[] { "--seconds" }, ExitCode.Usage)]
    public void Shared_options_are_checked(string[] arguments, int expected)
    {
        var shared = new SharedOptions(40);
        var command = new RootCommand("test");
        shared.AddTo(command);
        command.SetAction(parsed => parsed.GetValue(shared.Threads) >= 2 && shared.SeedOf(parsed) > 0 ? ExitCode.Pass : ExitCode.Violation);
        Assert.That(StressProgram.Run(command, arguments, TextWriter.Null, TextWriter.Null), Is.EqualTo(expected));
    }

    [TestCase("a-file/result.json")]
    [TestCase("a-folder")]
    public void A_result_that_can_not_be_written_ends_the_program_before_it_runs(string place)
    {
        var folder = Directory.CreateTempSubdirectory("folio-harness-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a-file"), "");
            Directory.CreateDirectory(Path.Combine(folder, "a-folder"));
            using var error = new StringWriter();
            Assert.That(RunWithJson(Path.Combine(folder, place), error, out var hasRun), Is.EqualTo(ExitCode.CannotWrite));
            Assert.That(error.ToString(), Does.Contain(place).And.Contain("can't be written"));
            Assert.That(hasRun, Is.False);

            // In a place where it can be, nothing is written before there is a result.
            var good = Path.Combine(folder, "new", "result.json");
            Assert.That(RunWithJson(good, error, out hasRun), Is.EqualTo(ExitCode.Pass));
            Assert.That(hasRun, Is.True);
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(good)!), Is.Empty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void What_the_platform_can_not_do_exits_3()
    {
        var command = new RootCommand("test");
        command.SetAction(int (_) => throw new PlatformNotSupportedException("no"));
        Assert.That(StressProgram.Run(command, [], TextWriter.Null, TextWriter.Null), Is.EqualTo(ExitCode.Unsupported));
    }

    // As an option of a command below the root, as folio-cache has it.
    private static int RunWithJson(string path, TextWriter error, out bool hasRun)
    {
        var ran = false;
        var command = new Command("below", "test") { SharedOptions.JsonOption() };
        command.SetAction(_ =>
        {
            ran = true;
            return ExitCode.Pass;
        });
        var code = StressProgram.Run(new RootCommand("test") { command }, ["below", "--json", path], TextWriter.Null, error);
        hasRun = ran;
        return code;
    }

    [Test]
    public void A_plain_view_says_each_finished_row_in_words_and_prints_tables_without_escapes()
    {
        using var output = new StringWriter();
        var view = new ProgressView(output);
        var table = new ProgressTable("what", "done");
        view.Show(table, () => table.Finish(table.Add("[job]", "0"), "job did 5", "[job]", "5"));
        view.Table(table.Columns, table.Rows);
        Assert.That(view.IsLive, Is.False);
        var lines = output.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[0], Is.EqualTo("job did 5"));
        Assert.That(lines[^1], Does.StartWith("[job]").And.EndsWith("5"));
        Assert.That(output.ToString(), Does.Not.Contain('\x1b'));
    }
}
