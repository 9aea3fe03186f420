using System.Reflection;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Tests.Repository;

/// <summary>
/// What happens when the test assembly is started as a program instead of by a test runner: it has <see cref="SeamListing"/> and
/// <see cref="Lifetime.Return"/> compiled, without running them, and ends. With the variables that
/// <see cref="MachineCode"/> sets, the just-in-time compiler prints what it made.
/// </summary>
internal static class Program
{
    public static void Main()
    {
        foreach (var method in typeof(SeamListing).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        RuntimeHelpers.PrepareMethod(typeof(Lifetime).GetMethod(nameof(Lifetime.Return))!.MethodHandle);
    }
}
