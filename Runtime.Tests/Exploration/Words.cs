extern alias instrumented;

using System.Runtime.InteropServices;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Exploration;

/// <summary>A few words that don't move, for programs that are explored: each on a line of its own, all 0, used through the instrumented seam.</summary>
internal sealed unsafe class Words(int count) : IDisposable
{
    private const int Stride = 8;

    private readonly ulong* _words = (ulong*)NativeMemory.AllocZeroed((nuint)(count * Stride * sizeof(ulong)));

    // SAFETY: allocated with this object, freed when the execution is over.
    public ref ulong this[int word] => ref _words[word * Stride];

    public ulong Load(int word) => Atomics.LoadAcquire(ref this[word]);

    public void Store(int word, ulong value) => Atomics.StoreRelease(ref this[word], value);

    public ulong Add(int word, ulong value) => Atomics.Add(ref this[word], value);

    public bool TryReplace(int word, ulong expected, ulong desired) => Atomics.CompareExchange(ref this[word], desired, expected) == expected;

    /// <summary>Waits until a word isn't 0.</summary>
    public void Await(int word)
    {
        var wait = default(SpinWait);
        while (Load(word) == 0)
            Atomics.SpinOnce(ref wait);
    }

    public override string ToString() => string.Join(",", Enumerable.Range(0, count).Select(word => this[word]));

    public void Dispose() => NativeMemory.Free(_words);
}
