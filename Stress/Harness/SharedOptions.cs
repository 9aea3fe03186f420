using System.CommandLine;

namespace FolioRuntime.Harness;

/// <summary>The options every stress program has, with one meaning everywhere.</summary>
public sealed class SharedOptions
{
    public SharedOptions(double defaultSeconds)
    {
        Seconds = new Option<double>("--seconds")
        {
            Description = "How long the whole run takes, about.",
            DefaultValueFactory = _ => defaultSeconds,
        }.Require(seconds => seconds is > 0 and < 1e6, "above 0");
        Threads = new Option<int>("--threads")
        {
            Description = "Threads to run with.",
            DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount, 4, 32),
        }.Require(threads => threads is >= 2 and <= 1024, "from 2 to 1024");
        Seed = new Option<ulong?>("--seed") { Description = "Repeats a run as far as threads allow. Default: a random one, printed." };
        Json = JsonOption();
    }

    public Option<double> Seconds { get; }

    public Option<int> Threads { get; }

    public Option<ulong?> Seed { get; }

    public Option<FileInfo?> Json { get; }

    /// <summary>The option for programs that have not the others. <see cref="StressProgram"/> looks before the run whether the file can be written.</summary>
    public static Option<FileInfo?> JsonOption() => new("--json") { Description = "Also writes the result as JSON.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(Seconds);
        command.Add(Threads);
        command.Add(Seed);
        command.Add(Json);
    }

    /// <summary>The seed given, or a random one; short enough to type again.</summary>
    public ulong SeedOf(ParseResult result) => result.GetValue(Seed) ?? (ulong)Random.Shared.Next(1, int.MaxValue);
}
