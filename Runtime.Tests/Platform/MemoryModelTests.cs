using CsCheck;
using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>Random commits, writes and discards against an oracle that knows one byte per page.</summary>
[TestFixture(Backing.Native)]
[TestFixture(Backing.PinnedArray)]
public class MemoryModelTests(Backing backing)
{
    private const int Pages = 24;
    private readonly IVirtualMemory _memory = backing.Memory();

    private enum Step
    {
        Commit,
        Write,
        Discard,
    }

    [Test]
    public void EveryCommittedPageHoldsWhatTheOracleSays()
    {
        var step = Gen.Select(Gen.Enum<Step>(), Gen.Int[0, Pages - 1], Gen.Int[1, Pages], Gen.Byte[1, 255]);
        step.Array[1, 40].Sample(Follows, iter: 200, writeLine: TestContext.Out.WriteLine);
    }

    private bool Follows((Step Kind, int First, int Count, byte Value)[] steps)
    {
        // Per page: null not committed, -1 unknown, else the byte it is filled with.
        var oracle = new int?[Pages];
        using var region = _memory.Reserve(Pages * _memory.PageBytes, _memory.PageBytes);
        foreach (var (kind, first, count, value) in steps)
        {
            var end = Math.Min(first + count, Pages);
            Apply(region, oracle, kind, first, end, value);
            if (!Matches(region, oracle))
                return false;
        }

        return true;
    }

    private void Apply(MemoryRegion region, int?[] oracle, Step kind, int first, int end, byte value)
    {
        var page = _memory.PageBytes;
        if (kind == Step.Commit)
        {
            region.Commit(first * page, (end - first) * page);
            for (var index = first; index < end; index++)
                oracle[index] ??= 0;
            return;
        }

        for (var index = first; index < end; index++)
        {
            if (oracle[index] is null)
                continue;
            if (kind == Step.Write)
            {
                region.Span(index * page, page).Fill(value);
                oracle[index] = value;
            }
            else
            {
                oracle[index] = region.Discard(index * page, page) ? 0 : -1;
            }
        }
    }

    private bool Matches(MemoryRegion region, int?[] oracle)
    {
        var page = _memory.PageBytes;
        for (var index = 0; index < Pages; index++)
        {
            if (oracle[index] is >= 0 and var value && region.Span(index * page, page).ContainsAnyExcept((byte)value))
                return false;
        }

        return true;
    }
}
