using FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <content>What a program is made of.</content>
internal sealed partial class SlabModel
{
    public enum Act
    {
        Rent,
        Allocate,
        Get,
        Put,
        Return,
        RentMany,
        ReturnMany,
        Look,
        Trim,
        EndThread,
    }

    /// <param name="GenerationBits">Width of generations.</param>
    /// <param name="SecondIsExclusive">The second cache's discipline.</param>
    /// <param name="ThreadCacheCapacity">Objects that a thread keeps.</param>
    /// <param name="FirstGeneration">The first generation issued, so that a program fails again in the same way.</param>
    public sealed record Setting(int GenerationBits, bool SecondIsExclusive, int ThreadCacheCapacity, uint FirstGeneration)
    {
        public SlabBug Bug { get; init; }

        /// <summary>The constructor call that throws, from 1; 0: none.</summary>
        public int FailingConstruction { get; init; }

        /// <summary>The destructor call that throws, from 1; 0: none.</summary>
        public int FailingDestruction { get; init; }
    }

    public sealed record Step(Act Act, int Which, bool OnOtherThread)
    {
        public override string ToString() => $"{Act} {Which}{(OnOtherThread ? " on the other thread" : "")}";
    }

    private sealed record Life(int Cache, SlabHandle Handle, long Tag)
    {
        public bool IsOwned { get; set; }

        public int References { get; set; }

        public bool IsLive => IsOwned || References > 0;

        public uint Frame => Handle.Index / 256;
    }
}
