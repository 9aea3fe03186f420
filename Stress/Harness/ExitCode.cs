namespace FolioRuntime.Harness;

/// <summary>What every stress program's exit code says. The same everywhere, so that scripts need to know them once.</summary>
public static class ExitCode
{
    /// <summary>Everything that was to be shown was shown, and nothing is wrong with the subject.</summary>
    public const int Pass = 0;

    /// <summary>The subject broke one of its promises.</summary>
    public const int Violation = 1;

    /// <summary>Nothing wrong was seen, but the run proves nothing: a control behaved, or the run was cut short.</summary>
    public const int Inconclusive = 2;

    /// <summary>This machine or this build can't run it.</summary>
    public const int Unsupported = 3;

    /// <summary>The command line makes no sense (EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;

    /// <summary>A file that was to be read isn't there, or isn't what it should be (EX_DATAERR).</summary>
    public const int WrongInput = 65;

    /// <summary>The result can't be written where it should go (EX_CANTCREAT).</summary>
    public const int CannotWrite = 73;
}
