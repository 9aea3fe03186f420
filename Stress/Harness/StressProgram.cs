using System.CommandLine;

namespace FolioRuntime.Harness;

/// <summary>Runs a stress program's command line and turns whatever happens into one of the exit codes.</summary>
public static class StressProgram
{
    /// <summary>Parses and runs. Errors of usage go to <paramref name="error"/> and end with <see cref="ExitCode.Usage"/>.</summary>
    public static int Run(RootCommand command, string[] arguments, TextWriter output, TextWriter error)
    {
        if (!Environment.Is64BitProcess)
        {
            error.WriteLine("A 64-bit process is needed.");
            return ExitCode.Unsupported;
        }

        var parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                error.WriteLine(problem.Message);
            error.WriteLine($"Try '{command.Name} --help'.");
            return ExitCode.Usage;
        }

        if (FileThatCannotBeWritten(parsed) is { } reason)
        {
            error.WriteLine(reason);
            return ExitCode.CannotWrite;
        }

        // The programs handle signals themselves (Interruption), and a bug should show with its stack.
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return parsed.Invoke(configuration);
        }
        catch (PlatformNotSupportedException exception)
        {
            error.WriteLine(exception.Message);
            return ExitCode.Unsupported;
        }
    }

    // Before the run, which may take minutes: a result that can't be written is none. What a program writes is all that it has as FileInfo; what it reads it has by name.
    private static string? FileThatCannotBeWritten(ParseResult parsed) => parsed.CommandResult.Command.Options.OfType<Option<FileInfo?>>()
        .Select(option => parsed.GetValue(option) is { } file ? WholeFile.WhyNot(file.FullName) : null)
        .FirstOrDefault(reason => reason is not null);
}
