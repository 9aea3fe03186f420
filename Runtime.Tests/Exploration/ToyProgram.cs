extern alias instrumented;

using FolioRuntime.Exploration.Engine;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Exploration;

/// <summary>A small program of a few threads, as data, so that thousands of them can be made up. Its final state is all that its threads saw, and its words.</summary>
internal sealed record ToyProgram(ToyInstruction[][] Threads)
{
    public const int WordCount = 2;

    public Scene MakeScene()
    {
        var words = new Words(WordCount);
        var latches = new[] { new Latch(), new Latch() };
        var seen = Threads.Select(_ => new List<ulong>()).ToArray();
        return new Scene([.. Threads.Select((instructions, thread) => (Action)(() => Run(instructions, words, latches, seen[thread])))])
        {
            State = () => $"{words} {string.Join('|', seen.Select(list => string.Join(',', list)))}",
            Close = words.Dispose,
        };
    }

    public override string ToString() => string.Join(" ‖ ", Threads.Select(thread => string.Join("; ", thread.Select(instruction => instruction.ToString()))));

    private static void Run(ToyInstruction[] instructions, Words words, Latch[] latches, List<ulong> seen)
    {
        for (var i = 0; i < instructions.Length; i++)
        {
            var (kind, word, value) = instructions[i];
            switch (kind)
            {
                case ToyKind.Load:
                    seen.Add(words.Load(word));
                    break;
                case ToyKind.Store:
                    words.Store(word, value);
                    break;
                case ToyKind.Add:
                    seen.Add(words.Add(word, value));
                    break;
                case ToyKind.Replace:
                    seen.Add(words.TryReplace(word, value, value + 1) ? 1ul : 0);
                    break;
                case ToyKind.UnderLatch:
                    using (latches[word].Hold())
                        Run(instructions[(i + 1)..], words, latches, seen);
                    return;
                case ToyKind.Await:
                    words.Await(word);
                    break;
                case ToyKind.Barrier:
                    Atomics.ProcessWideBarrier();
                    break;
            }
        }
    }
}
