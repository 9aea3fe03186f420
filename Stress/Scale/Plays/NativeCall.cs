using System.Runtime.InteropServices;
using FolioRuntime.Scale.Measurements;

namespace FolioRuntime.Scale.Plays;

/// <summary>Two calls of a C function that does next to nothing: what a malloc and a free through P/Invoke cost before they begin.</summary>
internal sealed unsafe class NativeCall() : Workload("native-call", "two calls of the C library's abs, as the native allocators are called", "two calls")
{
    private const int Chunk = 1000;

    public override IReadOnlyList<string> Peers => ["native"];

    public override Sample? Begin(string peer, int threads, LatencyRecorder? recorder)
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsLinux() ? "libc.so.6" : "libc", out var library) || !NativeLibrary.TryGetExport(library, "abs", out var function))
            return null;
        var play = new Calling(function, recorder);
        return new Sample(() => play, static () => { }, play);
    }

    private sealed class Calling(nint function, LatencyRecorder? recorder) : Play
    {
        public override long Run(int thread, StopSignal stop)
        {
            // SAFETY: int abs(int).
            var call = (delegate* unmanaged[SuppressGCTransition]<int, int>)function;
            long operations = 0;
            do
            {
                if (recorder is not null)
                {
                    SingleCalls.Repeat(new TwoCalls(function), Chunk, recorder);
                }
                else
                {
                    for (var i = 0; i < Chunk; i++)
                    {
                        call(i);
                        call(i);
                    }
                }

                operations += Chunk;
            }
            while (!stop.IsSet);

            return operations;
        }

        private readonly struct TwoCalls(nint function) : IOperation
        {
            public void Do()
            {
                // SAFETY: int abs(int).
                var call = (delegate* unmanaged[SuppressGCTransition]<int, int>)function;
                call(1);
                call(2);
            }
        }
    }
}
