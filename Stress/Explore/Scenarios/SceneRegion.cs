using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A block of memory used by one scene after the other. Behind its pages lies a word for each that says whether it is committed.
/// <code>
///   Base [ page 0 | page 1 | … ]  [ mark 0, mark 1, … ]
/// </code>
/// </summary>
internal sealed unsafe class SceneRegion : MemoryRegion
{
    private static readonly Dictionary<(long SizeBytes, long AlignmentBytes), Stack<nint>> s_blocks = [];

    private readonly (long SizeBytes, long AlignmentBytes) _kind;
    private readonly int _pageBytes;
    private readonly bool _commitsAreSteps;
    private readonly bool _discardsAreSteps;

    public SceneRegion(long sizeBytes, long alignmentBytes, int pageBytes, bool commitsAreSteps, bool discardsAreSteps)
        : base(sizeBytes, pageBytes)
    {
        _kind = (sizeBytes, alignmentBytes);
        _pageBytes = pageBytes;
        _commitsAreSteps = commitsAreSteps;
        _discardsAreSteps = discardsAreSteps;
        var allBytes = (nuint)(sizeBytes + (sizeBytes / pageBytes * sizeof(ulong)));
        lock (s_blocks)
        {
            Base = s_blocks.TryGetValue(_kind, out var blocks) && blocks.TryPop(out var block)
                ? block
                : (nint)NativeMemory.AlignedAlloc(allBytes, (nuint)alignmentBytes);
        }

        NativeMemory.Clear((void*)Base, allBytes);
        SetHandle(Base);
    }

    public override bool DiscardsToZero => _discardsAreSteps;

    /// <summary>1: the page that holds this byte is committed.</summary>
    public ref ulong CommitMark(long offsetBytes) => ref ((ulong*)(Base + (nint)SizeBytes))[offsetBytes / _pageBytes];

    protected override void CommitCore(long offsetBytes, long lengthBytes)
    {
        for (var page = offsetBytes; page < offsetBytes + lengthBytes; page += _pageBytes)
        {
            ref var mark = ref CommitMark(page);
            if (_commitsAreSteps && mark == 0)
                Content.Write(ref mark, 1);
            else
                mark = 1;
        }
    }

    protected override bool DiscardCore(long offsetBytes, long lengthBytes)
    {
        if (_discardsAreSteps)
        {
            // Words of zeros have nothing to lose: what is added to one just now could have been added just after.
            foreach (ref var word in new Span<ulong>((void*)(Base + (nint)offsetBytes), (int)(lengthBytes / sizeof(ulong))))
            {
                if (word != 0)
                    Atomics.StoreRelease(ref word, 0);
            }

            return true;
        }

        NativeMemory.Clear((void*)(Base + (nint)offsetBytes), (nuint)lengthBytes);
        return true;
    }

    protected override bool SetAccessCore(long offsetBytes, long lengthBytes, bool allowed) => false;

    protected override bool AdviseHugePagesCore(long offsetBytes, long lengthBytes) => false;

    protected override bool ExcludeFromForkCore(long offsetBytes, long lengthBytes) => true;

    protected override bool ExcludeFromDumpCore(long offsetBytes, long lengthBytes) => true;

    protected override bool ReleaseHandle()
    {
        lock (s_blocks)
        {
            if (!s_blocks.TryGetValue(_kind, out var blocks))
                s_blocks.Add(_kind, blocks = new Stack<nint>());
            blocks.Push(Base);
        }

        return true;
    }
}
