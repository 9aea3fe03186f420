using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Tests.Faults;
using FolioRuntime.Tests.Slabs;

namespace FolioRuntime.Tests.Repository;

/// <summary>
/// What happens when the test assembly is started as a program instead of by a test runner. With arguments it does what <see cref="WildTouch"/>
/// is told, which is meant to end the process, or is one of the children of <see cref="ChildProgram"/>. Without, it has <see cref="SeamListing"/> and
/// <see cref="Lifetime.Return"/> compiled, without running them, and ends: with the variables that <see cref="MachineCode"/> sets, the just-in-time
/// compiler prints what it made.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments.Length > 0 && Enum.TryParse<WildTouchKind>(arguments[0], out var touch))
        {
            WildTouch.Run(touch, int.Parse(arguments[1], CultureInfo.InvariantCulture));
            return 0;
        }

        if (arguments.Length > 0)
            return ChildProgram.Run(arguments);
        foreach (var method in typeof(SeamListing).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        RuntimeHelpers.PrepareMethod(typeof(Lifetime).GetMethod(nameof(Lifetime.Return))!.MethodHandle);
        return 0;
    }
}
