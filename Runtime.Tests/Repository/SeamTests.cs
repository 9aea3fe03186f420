extern alias instrumented;

using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>There is one seam for shared memory: nobody goes around it, it does nothing of its own, and the instrumented build's is the same seam.</summary>
public partial class SeamTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static IEnumerable<MethodInfo> SeamMethods => typeof(Atomics).GetMethods(Declared);

    [Test]
    public void NothingOutsidePrimitivesSynchronisesDirectly()
    {
        var files = RepositoryFiles.Under("Runtime", ".cs").Where(path => !path.StartsWith("Runtime/Primitives/", StringComparison.Ordinal));
        var found = files.SelectMany(path => Direct().Matches(SourceText.CodeOnly(RepositoryFiles.Read(path))).Select(match => $"{path}: {match.Value}"));
        Assert.That(found, Is.Empty);
    }

    [TestCase("Interlocked.Increment(ref a);")]
    [TestCase("Volatile.Read(ref a);")]
    [TestCase("Thread.MemoryBarrier();")]
    [TestCase("private volatile int a;")]
    [TestCase("lock (a) { }")]
    [TestCase("lock(a) { }")]
    public void GoingAroundTheSeamIsFound(string code) => Assert.That(Direct().IsMatch(code), Is.True);

    [TestCaseSource(nameof(SeamMethods))]
    public void ASeamMethodIsOneCallToTheFrameworkAndNothingElse(MethodInfo method)
    {
        var calls = new List<MethodBase>();
        foreach (var (code, operand) in IntermediateCode.Of(method))
        {
            if (code.OperandType == OperandType.InlineMethod)
                calls.Add(method.Module.ResolveMethod(operand, null, method.GetGenericArguments())!);
            else
                Assert.That(code.Name, Does.StartWith("ldarg").Or.StartWith("ldloc").Or.StartWith("stloc").Or.StartWith("br").Or.EqualTo("pop").Or.EqualTo("ret").Or.EqualTo("nop"));
        }

        Assert.That(calls, Has.Count.EqualTo(1));
        Assert.That(calls[0].DeclaringType, Is.AnyOf(typeof(Interlocked), typeof(Volatile), typeof(SpinWait), typeof(Thread)));
    }

    [Test]
    public void TheInstrumentedSeamHasTheSameMembers()
    {
        var shipping = Signatures(typeof(Atomics));
        Assert.That(shipping, Is.Not.Empty);
        Assert.That(Signatures(typeof(instrumented::FolioRuntime.Primitives.Atomics)), Is.EqualTo(shipping));
    }

    [Test]
    public void TheInstrumentedLatchHasTheSameMembers()
    {
        var shipping = Names(typeof(Latch));
        Assert.That(shipping, Is.Not.Empty);
        Assert.That(Names(typeof(instrumented::FolioRuntime.Primitives.Latch)), Is.EqualTo(shipping));
    }

    [Test]
    public void TheInstrumentedBriefLatchHasTheSameMembers()
    {
        var shipping = typeof(BriefLatch).GetMethods(Declared).Select(method => method.Name);
        Assert.That(shipping, Is.EqualTo((string[])["Hold"]));
        Assert.That(typeof(instrumented::FolioRuntime.Primitives.BriefLatch).GetMethods(Declared).Select(method => method.Name), Is.EqualTo(shipping));
    }

    // Names of types only: the two assemblies' own types differ, and nothing else may.
    private static string[] Signatures(Type type) => [.. type.GetMethods(Declared)
        .Select(method => $"{method.ReturnType.Name} {method.Name}`{method.GetGenericArguments().Length}({string.Join(", ", method.GetParameters().Select(Describe))})")
        .Order(StringComparer.Ordinal)];

    private static string Describe(ParameterInfo parameter) =>
        $"{parameter.ParameterType.Name}{(parameter.IsIn ? " in" : "")}{(parameter.IsOut ? " out" : "")} {parameter.Name}";

    private static string[] Names(Type type) => [.. type.GetMembers(Declared)
        .Where(member => member.MemberType != MemberTypes.NestedType)
        .Select(member => member.Name)
        .Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\b(?:Interlocked|Volatile|volatile|Monitor)\b|\bMemoryBarrier\b|\block\s*\(")]
    private static partial Regex Direct();
}
