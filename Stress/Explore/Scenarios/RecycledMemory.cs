using System.Runtime.InteropServices;
using FolioRuntime.Platform;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// Memory for runtimes that live for one execution: zeroed regions that are used again and again, where reserving anew each time would take
/// longer than the execution. One object a runtime; when nothing of the runtime runs any more it gives the regions back.
/// </summary>
internal sealed class RecycledMemory : IVirtualMemory
{
    private static readonly Dictionary<(long SizeBytes, long AlignmentBytes), Stack<Region>> s_free = [];

    private readonly List<Region> _lent = [];

    public int PageBytes => 4096;

    public MemoryRegion Reserve(long sizeBytes, long alignmentBytes)
    {
        var alignment = Math.Max(alignmentBytes, PageBytes);
        lock (s_free)
        {
            var region = s_free.TryGetValue((sizeBytes, alignment), out var free) && free.TryPop(out var used) ? used : new Region(sizeBytes, alignment, PageBytes);
            _lent.Add(region);
            return region;
        }
    }

    public void GiveBack()
    {
        lock (s_free)
        {
            foreach (var region in _lent)
            {
                region.Clear();
                if (!s_free.TryGetValue((region.SizeBytes, region.AlignmentBytes), out var free))
                    s_free.Add((region.SizeBytes, region.AlignmentBytes), free = new Stack<Region>());
                free.Push(region);
            }

            _lent.Clear();
        }
    }

    private sealed class Region : MemoryRegion
    {
        // SAFETY: allocated here, freed by the handle's release.
        public unsafe Region(long sizeBytes, long alignmentBytes, int pageBytes)
            : base(sizeBytes, pageBytes)
        {
            AlignmentBytes = alignmentBytes;
            Base = (nint)NativeMemory.AlignedAlloc((nuint)sizeBytes, (nuint)alignmentBytes);
            SetHandle(Base);
            Clear();
        }

        public long AlignmentBytes { get; }

        public void Clear() => ZeroRange(0, SizeBytes);

        protected override void CommitCore(long offsetBytes, long lengthBytes)
        {
        }

        protected override bool DiscardCore(long offsetBytes, long lengthBytes)
        {
            ZeroRange(offsetBytes, lengthBytes);
            return true;
        }

        protected override bool SetAccessCore(long offsetBytes, long lengthBytes, bool allowed) => false;

        protected override bool AdviseHugePagesCore(long offsetBytes, long lengthBytes) => false;

        protected override bool ExcludeFromForkCore(long offsetBytes, long lengthBytes) => false;

        protected override bool ExcludeFromDumpCore(long offsetBytes, long lengthBytes) => false;

        protected override unsafe bool ReleaseHandle()
        {
            NativeMemory.AlignedFree((void*)handle);
            return true;
        }

        // SAFETY: the range lies in the region, says the base class.
        private unsafe void ZeroRange(long offsetBytes, long lengthBytes) => NativeMemory.Clear((void*)(Base + (nint)offsetBytes), (nuint)lengthBytes);
    }
}
