using System.Reflection;
using System.Runtime.Loader;
using FolioRuntime.Laboratory;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using NUnit.Framework;

namespace FolioRuntime.Tests.Laboratory;

/// <summary>A planted mutant does what it is to do when it is awake, and nothing otherwise: one for each form of method or property, all planted together.</summary>
public class MutantBedTests
{
    private const string Text = """
        using System.Threading.Tasks;

        namespace FolioRuntime.Laboratory
        {
            public static class Planted
            {
                public static int Number;
            }
        }

        public class Base
        {
            public virtual int Inherited(int x) => 0;
        }

        public class Forms : Base
        {
            private int _field = 1;
            private int _kept;

            public Forms() => _kept = 7;

            public static int Block(int x)
            {
                var y = x + 21;
                return y * 2;
            }

            public static int Expression(int x) => x + 3;

            public static int Procedure(int x)
            {
                Set(ref x, out var y, in x);
                return x + y;
            }

            private static void Set(ref int x, out int y, in int z) => y = x + z + 4;

            public static int Thrown(int x)
            {
                try
                {
                    return Throw(x);
                }
                catch (System.Exception exception)
                {
                    return exception.Message.Length;
                }
            }

            private static int Throw(int x) => throw new System.InvalidOperationException("five!");

            public static int Reference(int x)
            {
                var forms = new Forms();
                forms.Referred(x) += 6;
                return forms._field;
            }

            private ref int Referred(int x)
            {
                _field += 7;
                return ref _field;
            }

            public static int Property(int x)
            {
                var forms = new Forms { Value = x };
                return forms.Value + forms.Half;
            }

            private int Value
            {
                get => _kept + 8;
                set
                {
                    _kept = value + 9;
                }
            }

            private int Half => _kept / 2;

            public static int Overridden(int x) => new Forms().Inherited(x);

            public override int Inherited(int x) => x + 10;

            public static int Generic(int x) => Same<int>(x, 11);

            private static T Same<T>(T x, T y)
                where T : struct => x;

            public static int Awaited(int x) => Later(x).GetAwaiter().GetResult();

            private static async Task<int> Later(int x)
            {
                await Task.Yield();
                return x + 12;
            }

            public static int Captured(int x)
            {
                System.Func<int> add = () => x + 13;
                return add();
            }

            public static System.Collections.Generic.IEnumerable<int> Several(int x)
            {
                yield return x + 14;
            }
        }
        """;

    private static readonly (string Method, string Original, string Replacement)[] s_mutants =
    [
        ("Block", "x + 21", "x - 21"),
        ("Block", "y * 2", "y * 3"),
        ("Expression", "x + 3", "x - 3"),
        ("Procedure", "x + z + 4", "x + z - 4"),
        ("Thrown", "throw new System.InvalidOperationException(\"five!\")", "x"),
        ("Reference", "_field += 7;", "_field -= 7;"),
        ("Property", "_kept + 8", "_kept - 8"),
        ("Property", "value + 9", "value - 9"),
        ("Property", "_kept / 2", "_kept / 3"),
        ("Overridden", "x + 10", "x - 10"),
        ("Generic", "=> x;", "=> y;"),
        ("Awaited", "x + 12", "x - 12"),
        ("Captured", "x + 13", "x - 13"),
    ];

    private static readonly Type s_unchanged = FormsOf(Compiled.WithHooks(Text));
    private static readonly Type s_planted = Planted();
    private static readonly FieldInfo s_awake = s_planted.Assembly.GetType("FolioRuntime.Laboratory.Planted", throwOnError: true)!.GetField("Number")!;

    private static IEnumerable<TestCaseData> Forms => s_mutants.Select((mutant, index) => new TestCaseData(index + 1).SetName($"{mutant.Method}: {mutant.Replacement.Replace('.', ' ')}"));

    [TestCaseSource(nameof(Forms))]
    [NonParallelizable]
    public void OnlyTheOneThatIsAwakeDoesWhatItIsToDo(int number)
    {
        var (method, original, replacement) = s_mutants[number - 1];
        var mutated = Call(FormsOf(Compiled.WithHooks(Text.Replace(original, replacement, StringComparison.Ordinal))), method);
        var unchanged = Call(s_unchanged, method);
        Assert.That(mutated, Is.Not.EqualTo(unchanged), "a change that nobody sees shows nothing");
        for (var awake = 0; awake <= s_mutants.Length; awake++)
        {
            if (awake != number && awake != 0 && s_mutants[awake - 1].Method == method)
                continue;
            s_awake.SetValue(null, awake);
            Assert.That(Call(s_planted, method), Is.EqualTo(awake == number ? mutated : unchanged), $"awake: {awake}");
        }
    }

    [TestCase("_kept = 7", "_kept = 8", Description = "a constructor")]
    [TestCase("_field = 1", "_field = 2", Description = "a field")]
    [TestCase("x + 14", "x - 14", Description = "an iterator")]
    [TestCase("int Expression(int x)", "int Expression(int x, int y = 0)", Description = "a signature")]
    [TestCase("x + 3;", "x - 3; private int _more;", Description = "more than the method")]
    public void WhatHasNoCopyIsRefused(string original, string replacement) => Assert.That(TryPlant(new MutantBed(Text, CSharpSyntaxTree.ParseText(Text)), 1, original, replacement), Is.False);

    private static bool TryPlant(MutantBed bed, int number, string original, string replacement) => bed.TryPlant(
        number,
        new TextSpan(Text.IndexOf(original, StringComparison.Ordinal), original.Length),
        CSharpSyntaxTree.ParseText(Text.Replace(original, replacement, StringComparison.Ordinal)));

    private static Type Planted()
    {
        var bed = new MutantBed(Text, CSharpSyntaxTree.ParseText(Text));
        for (var number = 1; number <= s_mutants.Length; number++)
        {
            var (_, original, replacement) = s_mutants[number - 1];
            if (!TryPlant(bed, number, original, replacement))
                throw new InvalidOperationException($"{original} isn't planted.");
        }

        return FormsOf(Compiled.WithHooks(bed.Text()));
    }

    private static Type FormsOf(byte[] assembly) => new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(new MemoryStream(assembly)).GetType("Forms", throwOnError: true)!;

    private static int Call(Type forms, string method) => (int)forms.GetMethod(method)!.Invoke(null, [40])!;
}
