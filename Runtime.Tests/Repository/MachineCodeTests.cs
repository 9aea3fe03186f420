using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>
/// The seam is the raw intrinsic and nothing else, and a look-up is one atomic read-modify-write: read from the machine code that
/// the compiler of the running runtime makes on the running processor, x64 or arm64. docs/LIFETIMES.md prints the same listing.
/// </summary>
[TestFixture]
public class MachineCodeTests
{
#if !DEBUG // The claim is about what ships: unoptimised code inlines nothing. SeamTests hold the seam to its word in both builds.
    private static readonly IReadOnlyDictionary<string, string[]> s_code = MachineCode.List();
    private static readonly string[] s_armReadModifyWrite = ["ldadd", "cas", "swp", "ldset", "ldclr", "stlxr", "stxr"];

    // Entering and leaving a method, and what is there for alignment.
    private static readonly string[] s_frame = ["stp fp", "ldp fp", "mov fp", "ret", "push", "pop", "nop"];

    private static bool IsArm => MachineCode.IsArm64;

    [TestCase("Add", "lock xadd ", "ldaddal ")]
    [TestCase("CompareExchange", "lock cmpxchg ", "casal ")]
    [TestCase("TryGet", "lock xadd ", "ldaddal ")]
    [TestCase("Put", "lock xadd ", "ldaddal ")]
    [TestCase("Return", "lock cmpxchg ", "casal ")]
    [TestCase("TryReturnUnreferenced", "lock cmpxchg ", "casal ")]
    public void OneReadModifyWriteAndNoOther(string method, string x64, string arm64)
    {
        var atomics = s_code[method].Where(IsReadModifyWrite).ToArray();
        Assert.That(atomics, Has.Length.EqualTo(1), Listing(method));

        // A processor of before Armv8.1 has no such instruction; the loop of exclusive load and store has one store.
        var expected = IsArm && atomics[0].StartsWith("stlxr ", StringComparison.Ordinal) ? "stlxr " : IsArm ? arm64 : x64;
        Assert.That(atomics[0], Does.StartWith(expected), Listing(method));
    }

    [TestCase("LoadAcquire", "mov rax, qword ptr [rdi]", "ldapr ", "ldar ")]
    [TestCase("StoreRelease", "mov qword ptr [rdi], rsi", "stlr ", "stlur ")]
    [TestCase("ReadBarrier", "", "dmb ishld", "dmb ishld")]
    [TestCase("WriteBarrier", "", "dmb ishst", "dmb ish")]
    public void AnOrderedAccessIsOneInstruction(string method, string x64, string arm64, string arm64Otherwise)
    {
        var body = s_code[method].Where(instruction => !IsFrame(instruction)).ToArray();
        if (IsArm)
        {
            Assert.That(body, Has.Length.EqualTo(1), Listing(method));
            Assert.That(body[0], Does.StartWith(arm64).Or.StartWith(arm64Otherwise), Listing(method));
        }
        else
        {
            // The registers are those of the System V convention; on Windows they have other names.
            var sameShape = body.Select(line => line.Replace("[rcx]", "[rdi]", StringComparison.Ordinal).Replace(", rdx", ", rsi", StringComparison.Ordinal));
            Assert.That(sameShape, Is.EqualTo(x64.Length == 0 ? [] : new[] { x64 }), Listing(method));
        }
    }

    [TestCase("Add", 0)]
    [TestCase("CompareExchange", 0)]
    [TestCase("TryGet", 1)]
    [TestCase("Put", 1)]
    [TestCase("TryReturnUnreferenced", 0)]
    public void NothingIsCalledButTheSlowPathAfterTheAtomic(string method, int calls)
    {
        var code = s_code[method];
        var called = code.Where(instruction => instruction.StartsWith("call ", StringComparison.Ordinal) || instruction.StartsWith("bl ", StringComparison.Ordinal)).ToArray();
        Assert.That(called, Has.Length.EqualTo(calls), Listing(method));
        foreach (var call in called)
        {
            Assert.That(call, Does.Contain("TryGetFailed").Or.Contain("PutLastOrSurplus"));
            Assert.That(Array.IndexOf(code, call), Is.GreaterThan(Array.FindIndex(code, IsReadModifyWrite)), Listing(method));
        }
    }

    [Test]
    public void APinHasNoReadModifyWriteNoFenceAndNoCall()
    {
        string[] costly = ["call ", "bl ", "mfence", "dmb "];
        Assert.That(s_code["TryAdd"].Where(instruction => IsReadModifyWrite(instruction) || costly.Any(instruction.StartsWith)), Is.Empty, Listing("TryAdd"));
    }

    private static bool IsReadModifyWrite(string instruction) => IsArm
        ? s_armReadModifyWrite.Any(instruction.StartsWith)
        : instruction.StartsWith("lock ", StringComparison.Ordinal) || instruction.StartsWith("xchg ", StringComparison.Ordinal);

    private static bool IsFrame(string instruction) => s_frame.Any(instruction.StartsWith);

    private static string Listing(string method) => method + ":\n" + string.Join('\n', s_code[method]);
#endif
}
