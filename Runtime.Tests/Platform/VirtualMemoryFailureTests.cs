using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>Real refusals by the system, each as one exception that says what was asked and what the answer was.</summary>
public class VirtualMemoryFailureTests
{
    /// <summary>No process may map this much: it is past the 57 bits of the largest address space there is.</summary>
    private const long AbsurdBytes = 1L << 58;

    /// <summary>Not an address any user mapping can have, on x64 or arm64; page aligned.</summary>
    private static readonly nint s_nobodysAddress = unchecked((nint)0x4000_0000_0000_0000);

    private const int OutOfMemory = 12;
    private const int InvalidArgument = 22;

    [Test]
    public void AbsurdReservationIsRefused()
    {
        var memory = VirtualMemory.ForThisSystem();
        var exception = Assert.Throws<VirtualMemoryException>(() => memory.Reserve(AbsurdBytes, 4096));
        Assert.That(exception.SizeBytes, Is.EqualTo(AbsurdBytes));
        Assert.That(exception.ErrorCode, Is.Not.Zero);
        Assert.That(exception.Message, Does.StartWith($"{exception.Call} of 256 PiB (288230376151711744 bytes) failed with OS error {exception.ErrorCode}: "));
        using var modest = memory.Reserve(memory.PageBytes, 4096);
        modest.Commit(0, memory.PageBytes);
    }

    [Test]
    [NUnit.Framework.Platform(Include = "Linux")]
    public void ReserveNamesTheCallAndTheRemedy()
    {
        var exception = Assert.Throws<VirtualMemoryException>(() => VirtualMemory.ForThisSystem().Reserve(AbsurdBytes, 4096));
        Assert.That(exception.Call, Is.EqualTo("mmap"));
        Assert.That(exception.ErrorCode, Is.EqualTo(OutOfMemory));
        Assert.That(exception.Message, Is.EqualTo(
            "mmap of 256 PiB (288230376151711744 bytes) failed with OS error 12: Cannot allocate memory. Address space may be limited (ulimit -v)."));
    }

    [Test]
    [NUnit.Framework.Platform(Include = "Linux")]
    public void CommitNamesTheCall()
    {
        var exception = Assert.Throws<VirtualMemoryException>(() => UnixCalls.ProtectForUse(s_nobodysAddress, 65536));
        Assert.That(exception.Call, Is.EqualTo("mprotect"));
        Assert.That(exception.ErrorCode, Is.EqualTo(OutOfMemory));
        Assert.That(exception.Message, Does.StartWith("mprotect of 64 KiB (65536 bytes) failed with OS error 12: Cannot allocate memory."));
    }

    [Test]
    [NUnit.Framework.Platform(Include = "Linux")]
    public void AdviceNamesTheCallAndTheAdvice()
    {
        const int dontNeed = 4;
        var exception = Assert.Throws<VirtualMemoryException>(() => UnixCalls.Advise(s_nobodysAddress, 65536, dontNeed, "MADV_DONTNEED"));
        Assert.That(exception.Call, Is.EqualTo("madvise(MADV_DONTNEED)"));
        Assert.That(exception.ErrorCode, Is.EqualTo(OutOfMemory));
    }

    [Test]
    [NUnit.Framework.Platform(Include = "Linux")]
    public void AdviceTheKernelDoesNotKnowIsAnAnswerAndOtherRefusalsAreFailures()
    {
        const int nobodysAdvice = 9999;
        const int hugePage = 14;
        using var region = VirtualMemory.ForThisSystem().Reserve(65536, 4096);
        Assert.That(UnixCalls.TryAdvise(region.Base, 65536, nobodysAdvice, "MADV_NOBODYS"), Is.False);
        if (Directory.Exists("/sys/kernel/mm/transparent_hugepage"))
            Assert.Throws<VirtualMemoryException>(() => UnixCalls.TryAdvise(s_nobodysAddress, 65536, hugePage, "MADV_HUGEPAGE"));
    }

    [Test]
    [NUnit.Framework.Platform(Include = "Linux")]
    public void ReleaseThatFailsIsToldApart()
    {
        var exception = Assert.Throws<VirtualMemoryException>(() => UnixCalls.Unmap(s_nobodysAddress, 65536));
        Assert.That(exception.Call, Is.EqualTo("munmap"));
        Assert.That(exception.ErrorCode, Is.EqualTo(InvalidArgument));
        Assert.That(UnixCalls.TryUnmap(s_nobodysAddress, 65536), Is.False);
    }

    [Test]
    public void RefusalWithoutASystemErrorSaysWhy()
    {
        var exception = new VirtualMemoryException("call", 3 * 1024 * 1024 / 2, "why", new InvalidOperationException());
        Assert.That(exception.Message, Is.EqualTo("call of 1.5 MiB (1572864 bytes) failed with no OS error: why."));
        Assert.That(exception.ErrorCode, Is.Zero);
        Assert.That(exception.InnerException, Is.InstanceOf<InvalidOperationException>());
    }
}
