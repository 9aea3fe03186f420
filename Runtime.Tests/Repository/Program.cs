using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Tests.Slabs;

namespace FolioRuntime.Tests.Repository;

/// <summary>
/// What happens when the test assembly is started as a program instead of by a test runner. Without arguments it has <see cref="SeamListing"/> and
/// <see cref="Lifetime.Return"/> compiled, without running them, and ends. With the variables that
/// <see cref="MachineCode"/> sets, the just-in-time compiler prints what it made. With arguments it does what <see cref="WildTouch"/>
/// is told, which is meant to end the process.
/// </summary>
internal static class Program
{
    public static void Main(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            WildTouch.Run(Enum.Parse<WildTouchKind>(arguments[0]), int.Parse(arguments[1], CultureInfo.InvariantCulture));
            return;
        }

        foreach (var method in typeof(SeamListing).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        RuntimeHelpers.PrepareMethod(typeof(Lifetime).GetMethod(nameof(Lifetime.Return))!.MethodHandle);
    }
}
