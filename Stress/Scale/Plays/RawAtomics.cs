using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Scale.Measurements;

namespace FolioRuntime.Scale.Plays;

/// <summary>Two atomic adds on a cache line of the thread's own, which is the least that a get and a put can cost; or all on one line.</summary>
internal sealed unsafe class RawAtomics(string name, bool shared) : Workload(
    name, shared ? "all threads make two atomic adds on one word" : "two atomic adds on a line of the thread's own", "two adds")
{
    private const int Chunk = 1000;
    private const int ApartBytes = 256;

    public override IReadOnlyList<string> Peers => ["native"];

    public override Sample Begin(string peer, int threads, LatencyRecorder? recorder)
    {
        var play = new Adding(shared ? 1 : threads, recorder);
        return new Sample(() => play, static () => { }, play);
    }

    private sealed class Adding(int words, LatencyRecorder? recorder) : Play
    {
        private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(words * ApartBytes), ApartBytes);
        private bool _isFreed;

        public override long Run(int thread, StopSignal stop)
        {
            var word = (ulong*)(_memory + (thread % words * ApartBytes));
            long operations = 0;
            do
            {
                if (recorder is null)
                    Add(ref *word);
                else
                    SingleCalls.Repeat(new TwoAdds(word), Chunk, recorder);
                operations += Chunk;
            }
            while (!stop.IsSet);

            return operations;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Add(ref ulong word)
        {
            for (var i = 0; i < Chunk; i++)
            {
                Interlocked.Add(ref word, 1ul << 34);
                Interlocked.Add(ref word, ulong.MaxValue << 34);
            }
        }

        protected override void GiveBack()
        {
            if (!_isFreed)
                NativeMemory.AlignedFree(_memory);
            _isFreed = true;
        }

        private readonly struct TwoAdds(ulong* word) : IOperation
        {
            // SAFETY: the play's memory, which is freed after all threads have ended.
            public void Do()
            {
                Interlocked.Add(ref *word, 1ul << 34);
                Interlocked.Add(ref *word, ulong.MaxValue << 34);
            }
        }
    }
}
