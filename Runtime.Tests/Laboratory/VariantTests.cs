using System.Reflection;
using System.Runtime.Loader;
using FolioRuntime.Laboratory;
using NUnit.Framework;

namespace FolioRuntime.Tests.Laboratory;

/// <summary>Variants of the instrumented build: woven, with a mutant, or compiled anew, loaded beside each other and put to real work.</summary>
public class VariantTests
{
    private const string Stack = "Runtime/Primitives/ThreadStack.cs";

    private static readonly byte[] s_built = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "FolioRuntime.Instrumented.dll"));
    private static readonly byte[] s_woven = PlainAccessWeaver.Weave(s_built);
    private static readonly string s_user = Compiled.UserOf(s_built, RuntimeWork.Text);
    private static readonly Lazy<MutantCompiler> s_compiler = new(() => new MutantCompiler(RepositoryRoot.Find()));

    [Test]
    public void TheWovenBuildDoesWhatTheBuiltOneDoesAndTellsOfIt()
    {
        var built = Work(s_built);
        var woven = Work(s_woven);
        Assert.That(woven[3], Is.EqualTo(built[3]));
        Assert.That(built[1], Is.Zero);
        Assert.That(woven[1], Is.GreaterThan(1000));
        Assert.That(woven[2], Is.EqualTo(8), "the one optimistic read was of eight bytes");
    }

    [Test]
    public void AThreadsStackTellsExactlyWhatItTouches()
    {
        string[] pushed =
        [
            "read ThreadStackBlock.Tally in ThreadStack.CountOf",
            "read ThreadStackBlock.Capacity in ThreadStack.HasRoomFor",
            "write ThreadStackBlock.Items() in ThreadStack.PushInside",
            "read ThreadStackBlock.Tally in ThreadStack.PushInside",
            "write ThreadStackBlock.Tally in ThreadStack.PushInside",
        ];
        string[] popped =
        [
            "read ThreadStackBlock.Tally in ThreadStack.CountOf",
            "read ThreadStackBlock.Items() in ThreadStack.PopInside",
            "read ThreadStackBlock.Tally in ThreadStack.PopInside",
            "write ThreadStackBlock.Tally in ThreadStack.PopInside",
        ];
        var context = new VariantContext(s_woven, s_user);
        Assert.Multiple(() =>
        {
            // A debug build asks once more whether there is room, and how many there are.
            Assert.That(((string[])context.Invoke("Work.Program", "Push")!).Distinct(), Is.EqualTo(pushed));
            Assert.That(((string[])context.Invoke("Work.Program", "Pop")!).Distinct(), Is.EqualTo(popped));
            Assert.That(context.Invoke("Work.Program", "Count"), Is.Empty, "a glance");
        });
        context.Unload();
    }

    [Test]
    public void VariantsRunBesideEachOtherWithStaticsOfTheirOwn()
    {
        var calls = new int[2];
        Parallel.For(0, calls.Length, i => calls[i] = (int)Work(s_woven)[0]!);
        Assert.That(calls, Is.EqualTo((int[])[1, 1]));
    }

    [Test]
    public void WhatTheMethodThrowsComesThrough()
    {
        var context = new VariantContext(s_built, s_user);
        Assert.Throws<MissingMethodException>(() => context.Invoke("Work.Program", "Nothing"));
        context.Unload();
    }

    [Test]
    public void CompiledAnewItIsTheBuiltOne()
    {
        var anew = s_compiler.Value.Compile();
        Assert.That(Members(anew), Is.EqualTo(Members(s_built)));
        Assert.That(Work(anew)[3], Is.EqualTo(Work(s_built)[3]));
    }

    [Test]
    public void AMutantIsPlanted()
    {
        // Its lines may be indented otherwise than the file's.
        var mutant = new Mutant("forgets", "a pushed item is not counted", Stack, "ThreadStackBlock.Items(_block)[count] = item;\n_block->Tally = _block->Tally + StackTally.Push;", "ThreadStackBlock.Items(_block)[count] = item;", "none");
        var context = new VariantContext(PlainAccessWeaver.Weave(s_compiler.Value.Compile(mutant)), s_user);
        Assert.That(context.Invoke("Work.Program", "Push"), Has.None.StartsWith("write ThreadStackBlock.Tally"));
        context.Unload();
    }

    [TestCase("Items(_block)[count] = nothing like it;", "0 times")]
    [TestCase("Leave();", "times")]
    public void AMutantThatHasDriftedIsRefused(string original, string reason) => Assert.That(
        () => s_compiler.Value.Compile(new Mutant("drifter", "", Stack, original, "", "")),
        Throws.TypeOf<MutantException>().With.Message.Contain("drifter has drifted from " + Stack).And.Message.Contain(reason));

    [Test]
    public void AMutantThatIsNoProgramIsRefused() => Assert.That(
        () => s_compiler.Value.Compile(new Mutant("broken", "", Stack, "Items(_block)[count] = item;", "Items(_block)[count] = ;", "")),
        Throws.TypeOf<MutantException>().With.Message.Contain("broken doesn't compile"));

    private static object?[] Work(byte[] runtime)
    {
        var context = new VariantContext(runtime, s_user);
        var answer = (object?[])context.Invoke("Work.Program", "Run")!;
        context.Unload();
        return answer;
    }

    // What the compiler makes for itself, and what a generator made for native calls, may differ.
    private static string[] Members(byte[] assembly)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        string[] members = [.. context.LoadFromStream(new MemoryStream(assembly)).GetTypes()
            .Where(type => type.Namespace?.StartsWith("FolioRuntime", StringComparison.Ordinal) == true && !type.FullName!.Contains('<'))
            .SelectMany(type => type.GetMembers(All).Select(member => $"{type}: {member.MemberType} {member}"))
            .Where(text => !text.Contains('<') && !text.Contains("__PInvoke", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        context.Unload();
        return members;
    }
}
