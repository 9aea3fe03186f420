using System.Text.RegularExpressions;
using CsCheck;
using NUnit.Framework;
using NUnit.Framework.Internal;

namespace FolioRuntime.Tests.Properties;

/// <summary>
/// Plays random programs until one fails, makes it short and says how to find it again. CsCheck draws the programs and prefers
/// smaller ones once one has failed; then steps are left out of the smallest few, one by one, and the shortest that is left is shown.
/// </summary>
internal static partial class ProgramCheck
{
    // What can't be shortened step by step need not be shortest: from another program another is left.
    private const int Shortened = 4;

    /// <summary>Plays programs of random settings. What a play throws is the failure; it must depend on the setting and the program alone.</summary>
    /// <param name="settings">What stays the same while a program is shortened.</param>
    /// <param name="programs">The steps.</param>
    /// <param name="play">Plays one.</param>
    /// <param name="iterations">How many are played; <see cref="Effort"/> multiplies it.</param>
    /// <param name="threads">How many are played at a time; null: as many as there are processors.</param>
    /// <param name="seed">Plays the program of this seed first; null: what CsCheck_Seed in the environment says.</param>
    public static void Run<TSetting, TStep>(
        Gen<TSetting> settings, Gen<TStep[]> programs, Action<TSetting, TStep[]> play, int iterations, int? threads = null, string? seed = null)
    {
        var failures = new List<(TSetting Setting, TStep[] Program, Exception Failure)>();
        try
        {
            Gen.Select(settings, programs).Sample(
                (setting, program) =>
                {
                    if (FailureOf(play, setting, program) is not { } failure)
                        return;
                    lock (failures)
                        failures.Add((setting, program, failure));
                    throw failure;
                },
                writeLine: TestContext.Out.WriteLine,
                seed: seed,
                iter: Effort.Times(iterations),
                threads: threads ?? -1);
        }
        catch (CsCheckException found) when (failures.Count > 0)
        {
            var (setting, seen, shortest) = failures
                .OrderBy(failure => failure.Program.Length)
                .Take(Shortened)
                .Select(failure => (failure.Setting, failure.Failure, Program: Shrinking.Minimize(failure.Program, candidate => FailureOf(play, failure.Setting, candidate) is not null)))
                .MinBy(failure => failure.Program.Length);

            // Threads that run freely needn't fail again; then it is what was seen that counts.
            var failure = FailureOf(play, setting, shortest) ?? seen;
            var steps = string.Join(Environment.NewLine, shortest.Select(step => $"  {step}"));
            throw new ProgramFailedException(
                $"{shortest.Length} steps fail with {setting}:{Environment.NewLine}{steps}{Environment.NewLine}{failure.Message}{Environment.NewLine}{found.Message}",
                failure,
                shortest.Length,
                Seed().Match(found.Message).Groups[1].Value);
        }
    }

    private static Exception? FailureOf<TSetting, TStep>(Action<TSetting, TStep[]> play, TSetting setting, TStep[] program)
    {
        // Of its own, or a failed assertion would stay with the test for which finding it is a success.
        using var context = new TestExecutionContext.IsolatedContext();
        try
        {
            play(setting, program);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is what the property's failure looks like.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure;
        }
    }

    [GeneratedRegex("[Ss]eed: \"([^\"]+)\"")]
    private static partial Regex Seed();
}
