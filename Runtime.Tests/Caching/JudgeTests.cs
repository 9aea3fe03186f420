using FolioRuntime.Caching.Verifying;
using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.Caching;

/// <summary>What folio-cache verify takes for right and for wrong.</summary>
internal sealed class JudgeTests
{
    private const int PageBytes = 4096;
    private const int Pages = 3;

    private readonly Judge _judge = new();
    private readonly byte[] _read = new byte[2 * PageBytes];
    private string _folder = "";
    private PoolRuntime _runtime = null!;
    private PageCache _cache = null!;
    private VerifiedFile _file = null!;

    [SetUp]
    public void MakeFile()
    {
        _folder = Directory.CreateTempSubdirectory("folio-cache-").FullName;
        _runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 1 << 20, TrimInterval = Timeout.InfiniteTimeSpan });
        _cache = _runtime.CreatePageCache(new PageCacheOptions { CapacityPages = 8, DirtyBackgroundPercent = 100, DirtyPercent = 100 });
        _file = VerifiedFile.Generate(_cache, Path.Combine(_folder, "file"), Pages, seed: 1, faultOneIn: 0);
    }

    [TearDown]
    public void RemoveFile()
    {
        _cache.Dispose();
        _runtime.Dispose();
        _file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void What_is_there_is_right_and_each_other_byte_is_wrong()
    {
        Read(100);
        Assert.That(_judge.CountWrong(_read), Is.Zero);
        foreach (var place in (int[])[0, 1000, 4095, 8191])
            _read[place] ^= 1;
        Assert.That(_judge.CountWrong(_read), Is.EqualTo(4));
    }

    [Test]
    public void Bytes_of_another_page_or_place_are_wrong()
    {
        Read(0);
        _judge.Begin(_file, PageBytes, PageBytes);
        Assert.That(_judge.CountWrong(_read.AsSpan(0, PageBytes)), Is.GreaterThan(4000));
    }

    [Test]
    public void A_version_that_was_gone_before_the_read_is_wrong()
    {
        Read(0);
        Assert.That(_file.TryRewrite(0), Is.True);
        Assert.That(_judge.CountWrong(_read), Is.Zero, "the read had begun");
        var old = _read.ToArray();
        Read(0);
        Assert.That(_judge.CountWrong(_read), Is.Zero, "the new version");
        Assert.That(_judge.CountWrong(old), Is.GreaterThan(4000));
    }

    [Test]
    public void A_short_piece_in_two_versions_is_wrong_and_a_long_one_need_not_be()
    {
        Read(0);
        var old = _read.ToArray();
        _judge.Begin(_file, 0, _read.Length);
        Assert.That(_file.TryWrite(0, static (mapping, offset, content) => mapping.Write(offset, content)), Is.True);
        _file.Mapping.Read(0, _read);
        Assert.That(_judge.CountWrong(_read), Is.Zero);
        old.AsSpan(0, 200).CopyTo(_read);
        Assert.That(_judge.CountWrong(_read.AsSpan(0, 512)), Is.GreaterThan(150));
        Assert.That(_judge.CountWrong(_read.AsSpan(0, 512), mayMix: true), Is.Zero);
        Assert.That(_judge.CountWrong(_read), Is.Zero, "copied under a reference");
        _read[100] ^= 1;
        Assert.That(_judge.CountWrong(_read), Is.EqualTo(1));
    }

    [Test]
    public void A_file_that_lacks_what_was_written_is_noticed()
    {
        Assert.That(_file.TryWrite(1, static (mapping, offset, content) => mapping.Write(offset, content)), Is.True);
        Assert.That(_file.CountWrongInTheEnd(), Is.Positive, "it is in the cache only");
        _file.Mapping.Flush();
        Assert.That(_file.CountWrongInTheEnd(), Is.Zero);
        Assert.That(_file.TryTruncate(5000), Is.True);
        Assert.That(_file.CountWrongInTheEnd(), Is.Zero);
    }

    [Test]
    public void What_was_cut_off_is_zeros_afterwards()
    {
        Read(0);
        Assert.That(_file.TryTruncate(1000) && _file.TryTruncate(Pages * PageBytes), Is.True);
        Assert.That(_judge.CountWrong(_read), Is.Zero, "the read had begun");
        var old = _read.ToArray();
        Read(0);
        Assert.That(_read.AsSpan(1000).ContainsAnyExcept((byte)0), Is.False);
        Assert.That(_judge.CountWrong(_read), Is.Zero);
        Assert.That(_judge.CountWrong(old), Is.GreaterThan(7000));
    }

    [Test]
    public void A_length_that_it_never_had_meanwhile_is_not_possible()
    {
        _judge.Begin(_file, PageBytes, _read.Length);
        Assert.That((_judge.IsPossible(_read.Length), _judge.IsPossible(PageBytes)), Is.EqualTo((true, false)));
        _file.TryTruncate(2 * PageBytes);
        Assert.That((_judge.IsPossible(_read.Length), _judge.IsPossible(PageBytes), _judge.IsPossible(0)), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void Where_too_much_has_happened_nothing_is_said()
    {
        Read(0);
        for (var i = 0; i < History.Depth; i++)
            _file.TryRewrite(0);
        Array.Clear(_read);
        Assert.That(_judge.CountWrong(_read.AsSpan(0, PageBytes)), Is.Zero);
        Assert.That(_judge.UnjudgedBytes, Is.EqualTo(PageBytes));
    }

    private void Read(long offset)
    {
        _judge.Begin(_file, offset, _read.Length);
        Assert.That(_file.Mapping.Read(offset, _read), Is.EqualTo(_read.Length));
    }
}
