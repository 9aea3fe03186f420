namespace FolioRuntime.Tests.Laboratory;

/// <summary>Source of an assembly with a method for each form in which a program accesses memory. Each returns a number that says what it did.</summary>
internal static class WeaverFixture
{
    public const string Text = """
        using System.Runtime.CompilerServices;
        using FolioRuntime.Primitives;

        namespace Fixture;

        internal sealed class Recorder : SeamObserver
        {
            private readonly List<string> _events = [];

            public static object?[] Run(string name)
            {
                var recorder = new Recorder();
                Current = recorder;
                try
                {
                    var method = typeof(Forms).GetMethod(name)!;
                    var result = method.Invoke(null, null);
                    Current = null;
                    return [result, recorder._events.ToArray()];
                }
                finally
                {
                    Current = null;
                }
            }

            public override void PlainRead(nint address, int sizeBytes, string what) => Add("read", address, sizeBytes, what);

            public override void PlainWrite(nint address, int sizeBytes, string what) => Add("write", address, sizeBytes, what);

            public override void ContentRead(nint sourceAddress, int sizeBytes) => Add("content", sourceAddress, sizeBytes, "");

            private void Add(string kind, nint address, int sizeBytes, string what) =>
                _events.Add(address == 0 ? "no address" : $"{kind} {sizeBytes} {what}".TrimEnd());
        }

        internal struct Pair
        {
            public int First;
            public long Second;

            public readonly int Sum() => First + (int)Second;
        }

        internal readonly struct Frozen(int value)
        {
            public readonly int Value = value;

            public int Twice() => 2 * Value;
        }

        internal ref struct OnStack
        {
            public int Number;
            public ref int Reference;

            public int Both()
            {
                Number++;
                return Number + Reference;
            }
        }

        internal class Box
        {
            public static int Global;
            public static readonly int Constant = 4;

            [ThreadStatic]
            public static int OfThread;

            public readonly int ReadOnly = 3;
            public readonly int[] Items = new int[4];
            public byte Small = 1;
            public int Number = 2;
            public long Large = 3;
            public double Real = 4;
            public string? Text = "x";
            public Pair Pair;
            public Frozen Frozen = new(6);

            [Glance("any value")]
            public int Glanced = 5;

            [Glance("any value")]
            public readonly int[] GlancedItems = new int[2];

            public int Property { get; set; }

            public static Box Made { get; } = new();

            [Glance("any value")]
            public int Peek => Number;

            [Glance("any value")]
            public int PeekLater(int offset)
            {
                Func<int> later = () => Number + offset;
                return later() + Local();

                int Local() => (int)Large;
            }
        }

        internal sealed class Captures(int factor)
        {
            public int Times(int number) => number * factor;
        }

        internal sealed class Generic<T>(T first)
        {
            private T _value = first;
            private readonly T[] _all = [first, first];

            public T Exchange(T value)
            {
                var before = _value;
                _value = value;
                _all[1] = value;
                _all[0] = _all[1];
                return before;
            }
        }

        internal static unsafe class Forms
        {
            public static int LoadsField() { var box = Box.Made; return box.Small + box.Number + (int)box.Large + (int)box.Real + box.Text!.Length; }

            public static int StoresField() { var box = new Box(); Skip(box); box.Small = 200; box.Number = 7; box.Large = 8; box.Real = 9; box.Text = "four"; box.Text = null; return box.Small + box.Number; }

            public static int ReadOnlyStructures() { var box = Box.Made; box.Frozen = new Frozen(5); var copy = box.Frozen; return box.Frozen.Value + box.Frozen.Twice() + copy.Twice() + copy.Value; }

            public static int Increments() { var box = new Box(); box.Number++; box.Property += 2; return box.Number * 10 + box.Property; }

            public static int Statics() { Box.Global = 5; Box.Global++; Box.OfThread = Box.Global; return Box.Global + Box.Constant + Box.OfThread; }

            public static int PassesOverWhatNobodyWrites() { var box = Box.Made; return box.ReadOnly + box.Items.Length + new Captures(3).Times(4); }

            public static int Structures()
            {
                var box = new Box();
                box.Pair = new Pair { First = 1, Second = 2 };
                box.Pair.First = 5;
                var copy = box.Pair;
                copy.First++;
                box.Pair = default;
                return copy.Sum() + Returned().First + box.Pair.Sum() + Given(copy);
            }

            public static int Elements()
            {
                var bytes = new byte[] { 1, 2 };
                var shorts = new short[] { 1, 2 };
                var numbers = new int[2];
                var longs = new long[2];
                var reals = new double[2];
                object[] texts = new string[2];
                var pairs = new Pair[2];
                bytes[1] = 250;
                shorts[1] = -5;
                numbers[1]++;
                longs[1] = 9;
                reals[0] = 2.5;
                texts[0] = "ab";
                pairs[1] = new Pair { First = 4 };
                pairs[1].Second = 6;
                var pair = pairs[1];
                return bytes[1] + shorts[1] + numbers[1] + (int)longs[1] + (int)reals[0] + ((string)texts[0]).Length + pair.Sum() + pairs[1].First;
            }

            public static int FieldElements() { var box = Box.Made; box.Items[2] = 3; return box.Items[2]; }

            public static int OutOfRange()
            {
                var caught = 0;
                var numbers = new int[2];
                foreach (var index in (ReadOnlySpan<int>)[-1, 2, int.MinValue])
                {
                    try { numbers[index] = 1; } catch (IndexOutOfRangeException) { caught++; }
                }

                try { ((object[])new string[1])[0] = new object(); } catch (ArrayTypeMismatchException) { caught++; }
                try { _ = ((Box)null!).Number; } catch (NullReferenceException) { caught++; }
                try { ((Box)null!).Number = 1; } catch (NullReferenceException) { caught++; }
                return caught;
            }

            public static int References()
            {
                var box = new Box();
                ref var number = ref box.Number;
                number = 6;
                number++;
                Set(ref box.Small, 9);
                ref var pair = ref box.Pair;
                pair.Second = 4;
                pair = new Pair { First = 3 };
                ref var text = ref box.Text;
                text = "abc";
                return number + box.Small + pair.Sum() + text.Length;
            }

            public static int Pointers()
            {
                var memory = (nint)System.Runtime.InteropServices.NativeMemory.AllocZeroed(64);
                var pair = (Pair*)memory;
                pair->First = 7;
                pair[1].Second = 8;
                *(short*)(memory + 40) = -3;
                var sum = pair->First + (int)pair[1].Second + *(short*)(memory + 40) + (*pair).First;
                System.Runtime.InteropServices.NativeMemory.Free((void*)memory);
                return sum;
            }

            public static int Locals()
            {
                var pair = new Pair { First = 1 };
                ref var alias = ref pair;
                alias.Second = 4;
                var numbers = stackalloc int[2];
                numbers[1] = pair.Sum();
                Give(out var given);
                var referenced = 3;
                var stack = new OnStack { Number = given, Reference = ref referenced };
                return numbers[1] + stack.Both();
            }

            public static int Spans()
            {
                Span<int> span = new int[3];
                span[1] = 4;
                span[1]++;
                ReadOnlySpan<int> readOnly = span;
                return readOnly[1] + span[0];
            }

            public static int Glances() { var box = Box.Made; box.Glanced = 4; box.GlancedItems[1] = 5; return box.Peek + box.PeekLater(2) + box.Glanced + box.GlancedItems[1]; }

            public static int Branches()
            {
                var box = Box.Made;
                var sum = 0;
                for (var i = 0; i < 3; i++)
                    sum += (i == 1 ? box : Box.Made).Number;
                try
                {
                    sum += Box.Constant > 3 ? box.Number : (int)box.Large;
                    throw new InvalidOperationException();
                }
                catch (InvalidOperationException) when (box.Number == 2)
                {
                    sum += box.Number;
                }
                finally
                {
                    sum += box.Number;
                }

                return sum + (sum switch { 1 => 1, 12 => box.Number, 3 => 5, _ => 0 });
            }

            public static int Generics()
            {
                var numbers = new Generic<int>(3);
                var texts = new Generic<string>("abc");
                var pairs = new Generic<Pair>(new Pair { First = 5 });
                return numbers.Exchange(1) + texts.Exchange("a").Length + pairs.Exchange(default).First;
            }

            private static void Skip(Box box) => _ = box;

            private static Pair Returned() => new() { First = 2 };

            private static int Given(Pair pair) => pair.First;

            private static void Set(ref byte location, byte value) => location = value;

            private static void Give(out int given) => given = 3;
        }
        """;
}
