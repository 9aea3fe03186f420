using System.Runtime.Loader;
using FolioRuntime.Laboratory;
using NUnit.Framework;

namespace FolioRuntime.Tests.Laboratory;

/// <summary>A woven method does what it did, and announces what it accesses and nothing else: one small method for each form of access.</summary>
public class PlainAccessWeaverTests
{
    private static readonly byte[] s_fixture = Compiled.WithHooks(WeaverFixture.Text);
    private static readonly byte[] s_woven = PlainAccessWeaver.Weave(s_fixture);

    [TestCase("LoadsField", "read 1 Box.Small in @", "read 4 Box.Number in @", "read 8 Box.Large in @", "read 8 Box.Real in @", "read 8 Box.Text in @")]
    [TestCase("StoresField", "write 1 Box.Small in @", "write 4 Box.Number in @", "write 8 Box.Large in @", "write 8 Box.Real in @", "write 8 Box.Text in @", "write 8 Box.Text in @", "read 1 Box.Small in @", "read 4 Box.Number in @")]
    [TestCase("Increments", "read 4 Box.Number in @", "write 4 Box.Number in @", "read 4 Box.Property in Box.Property", "write 4 Box.Property in Box.Property", "read 4 Box.Number in @", "read 4 Box.Property in Box.Property")]
    [TestCase("Statics", "write 4 Box.Global in @", "read 4 Box.Global in @", "write 4 Box.Global in @", "read 4 Box.Global in @", "read 4 Box.Global in @")]
    [TestCase("FieldElements", "write 4 Box.Items[] in @", "read 4 Box.Items[] in @")]
    [TestCase("Glances")]
    [TestCase("Locals", "read 4 Pair.First in Pair.Sum", "read 8 Pair.Second in Pair.Sum", "read 4 OnStack.Reference in OnStack.Both")]
    [TestCase("Spans", "write 4 a span[] in @", "read 4 a span[] in @", "write 4 a span[] in @", "read 4 a span[] in @", "read 4 a span[] in @")]
    [TestCase("PassesOverWhatNobodyWrites")]
    [TestCase("ReadOnlyStructures", "write 4 Box.Frozen in @", "read 4 Box.Frozen in @", "read 4 Frozen.Value in @", "read 4 Box.Frozen in @")]
    [TestCase("Pointers", "write 4 Pair.First in @", "write 8 Pair.Second in @", "write 2 NativeMemory.AllocZeroed() in @", "read 4 Pair.First in @", "read 8 Pair.Second in @", "read 2 NativeMemory.AllocZeroed() in @", "read 4 Pair.First in @")]
    public void AMethodAnnouncesExactlyItsAccesses(string method, params string[] expected)
    {
        // Not what the constructor of the objects wrote before.
        var events = Run(s_woven, method).Events.Where(text => !text.EndsWith("in Box.Box", StringComparison.Ordinal));
        var wanted = expected.Select(text => text.Replace("@", $"Forms.{method}", StringComparison.Ordinal));
        Assert.That(events, Is.EqualTo(wanted));
    }

    [TestCase("LoadsField")]
    [TestCase("StoresField")]
    [TestCase("Increments")]
    [TestCase("Statics")]
    [TestCase("PassesOverWhatNobodyWrites")]
    [TestCase("ReadOnlyStructures")]
    [TestCase("Structures")]
    [TestCase("Elements")]
    [TestCase("FieldElements")]
    [TestCase("OutOfRange")]
    [TestCase("References")]
    [TestCase("Pointers")]
    [TestCase("Locals")]
    [TestCase("Spans")]
    [TestCase("Glances")]
    [TestCase("Branches")]
    [TestCase("Generics")]
    public void AMethodDoesWhatItDid(string method)
    {
        var before = Run(s_fixture, method);
        var after = Run(s_woven, method);
        Assert.That(after.Result, Is.EqualTo(before.Result));
        Assert.That(before.Events, Is.Empty);
        Assert.That(after.Events, Has.None.EqualTo("no address"));
    }

    private static (int Result, string[] Events) Run(byte[] assembly, string method)
    {
        var context = new AssemblyLoadContext(method, isCollectible: true);
        var recorder = context.LoadFromStream(new MemoryStream(assembly)).GetType("Fixture.Recorder", throwOnError: true)!;
        var answer = (object?[])recorder.GetMethod("Run")!.Invoke(null, [method])!;
        context.Unload();
        return ((int)answer[0]!, (string[])answer[1]!);
    }
}
