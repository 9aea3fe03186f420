using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>What the Linux kernel did, by its own account in /proc.</summary>
[NUnit.Framework.Platform(Include = "Linux")]
public class LinuxVirtualMemoryTests
{
    private const long GiB = 1L << 30;
    private const int MiB = 1 << 20;
    private readonly IVirtualMemory _memory = VirtualMemory.ForThisSystem();

    [Test]
    public void ThisSystemsMemoryIsLinuxAndAlwaysTheSame()
    {
        Assert.That(_memory, Is.InstanceOf<LinuxVirtualMemory>());
        Assert.That(VirtualMemory.ForThisSystem(), Is.SameAs(_memory));
    }

    [Test]
    public void SixtyFourGibibytesOfAddressSpaceCostNoMemory()
    {
        using var region = _memory.Reserve(64 * GiB, 4 * MiB);
        var mappings = ProcessMappings.Read();
        Assert.That(mappings.MappedBytes(region.Base, region.SizeBytes), Is.EqualTo(64 * GiB));
        Assert.That(mappings.ProtectionAt(region.Base), Does.StartWith("---"));
        Assert.That(mappings.FlagsAt(region.Base), Does.Contain("nr"));
        Assert.That(mappings.ResidentBytes(region), Is.Zero);
    }

    [Test]
    public void CommitGrantsAccessToItsRangeOnly()
    {
        using var region = _memory.Reserve(64 * GiB, 4 * MiB);
        region.Commit(32 * GiB, MiB);
        var mappings = ProcessMappings.Read();
        var committed = (nint)(region.Base + (32 * GiB));
        Assert.That(mappings.ProtectionAt(committed), Does.StartWith("rw-"));
        Assert.That(mappings.ProtectionAt(committed - 1), Does.StartWith("---"));
        Assert.That(mappings.ProtectionAt(committed + MiB), Does.StartWith("---"));
    }

    [Test]
    public void AccessIsTakenAndGivenBackForItsRangeOnly()
    {
        using var region = _memory.Reserve(4 * MiB, MiB);
        region.Commit(0, 4 * MiB);
        region.SetAccess(MiB, 2 * MiB, allowed: false);
        var mappings = ProcessMappings.Read();
        Assert.That(mappings.ProtectionAt(region.Base + MiB - 1), Does.StartWith("rw-"));
        Assert.That(mappings.ProtectionAt(region.Base + MiB), Does.StartWith("---"));
        Assert.That(mappings.ProtectionAt(region.Base + (3 * MiB)), Does.StartWith("rw-"));
        region.SetAccess(MiB, 2 * MiB, allowed: true);
        Assert.That(ProcessMappings.Read().ProtectionAt(region.Base + MiB), Does.StartWith("rw-"));
    }

    [Test]
    public void DiscardGivesMemoryBackAndLeavesZeros()
    {
        using var region = _memory.Reserve(64 * MiB, 4 * MiB);
        region.Commit(0, 32 * MiB);
        region.Span(0, 32 * MiB).Fill(0xA5);
        Assert.That(ProcessMappings.Read().ResidentBytes(region), Is.GreaterThanOrEqualTo(32 * MiB));
        Assert.That(region.DiscardGivesBack, Is.True);
        Assert.That(region.DiscardsToZero, Is.True);
        Assert.That(region.Discard(8 * MiB, 16 * MiB), Is.True);
        Assert.That(ProcessMappings.Read().ResidentBytes(region), Is.EqualTo(16 * MiB));
        Assert.That(region.IsZero(8 * MiB, 16 * MiB), Is.True);
        Assert.That(region.Span(0, 8 * MiB).ContainsAnyExcept((byte)0xA5), Is.False);
        Assert.That(region.Span(24 * MiB, 8 * MiB).ContainsAnyExcept((byte)0xA5), Is.False);
    }

    [Test]
    public void HugePageAdviceShowsInTheMappingUnlessTheKernelHasNone()
    {
        using var region = _memory.Reserve(8 * MiB, 2 * MiB);
        var taken = region.AdviseHugePages(0, 4 * MiB);
        Assert.That(taken, Is.EqualTo(Directory.Exists("/sys/kernel/mm/transparent_hugepage")));
        var mappings = ProcessMappings.Read();
        Assert.That(mappings.FlagsAt(region.Base).Contains("hg"), Is.EqualTo(taken));
        Assert.That(mappings.FlagsAt(region.Base + (4 * MiB)), Does.Not.Contain("hg"));
    }

    [Test]
    public void ForkAndDumpExclusionsShowInTheMapping()
    {
        using var region = _memory.Reserve(12 * MiB, 4 * MiB);
        Assert.That(region.ExcludeFromFork(0, 4 * MiB), Is.True);
        Assert.That(region.ExcludeFromDump(4 * MiB, 4 * MiB), Is.True);
        var mappings = ProcessMappings.Read();
        Assert.That(mappings.FlagsAt(region.Base), Does.Contain("dc").And.Not.Contain("dd"));
        Assert.That(mappings.FlagsAt(region.Base + (4 * MiB)), Does.Contain("dd").And.Not.Contain("dc"));
        Assert.That(mappings.FlagsAt(region.Base + (8 * MiB)), Does.Not.Contain("dc").And.Not.Contain("dd"));
    }

    [Test]
    public void ExclusionsOutliveCommitAndDiscard()
    {
        using var region = _memory.Reserve(4 * MiB, 4 * MiB);
        region.ExcludeFromFork(0, 4 * MiB);
        region.ExcludeFromDump(0, 4 * MiB);
        region.Commit(0, 4 * MiB);
        region.Discard(0, 4 * MiB);
        Assert.That(ProcessMappings.Read().FlagsAt(region.Base), Does.Contain("dc").And.Contain("dd"));
    }

    [Test]
    public void AlignmentSlackIsUnmappedAgain()
    {
        var before = ProcessMappings.VirtualBytes();
        using var region = _memory.Reserve(16 * MiB, 64 * GiB);
        Assert.That(region.Base % (64 * GiB), Is.Zero);
        // Half the slack leaves room for whatever the other threads of the process map meanwhile.
        Assert.That(ProcessMappings.VirtualBytes() - before, Is.LessThan(32 * GiB));
    }

    [Test]
    public void DisposeUnmaps()
    {
        var region = _memory.Reserve(64 * GiB, 4 * MiB);
        var (address, size) = (region.Base, region.SizeBytes);
        region.Commit(0, MiB);
        region.Dispose();
        // Other threads may have mapped something small there since.
        Assert.That(ProcessMappings.Read().MappedBytes(address, size), Is.LessThan(size / 2));
    }

    [Test]
    public void FinalizerUnmapsARegionNobodyDisposed()
    {
        var (address, size) = ReserveAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(ProcessMappings.Read().MappedBytes(address, size), Is.LessThan(size / 2));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private (nint Address, long SizeBytes) ReserveAndForget()
    {
        var region = _memory.Reserve(64 * GiB, 4 * MiB);
        return (region.Base, region.SizeBytes);
    }
}
