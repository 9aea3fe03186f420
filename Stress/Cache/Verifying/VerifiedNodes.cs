using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Folios;
using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;

namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// A type of pages every byte of which is known: kind, key and version, and a pattern of these. Constructor, destructor and cleaning look at what they are given; for each page that was constructed a destructor is owed.
/// Thread-safe.
/// <code>
///   kind | key | version | pattern …
/// </code>
/// </summary>
internal sealed class VerifiedNodes
{
    public const int Keys = 32;

    /// <summary>Keys from this one on are dropped now and then, and may lose their last versions by that.</summary>
    private const int FirstDropped = Keys / 2;
    private const int HeaderBytes = 3 * sizeof(long);
    private const int ReadBytes = 256;

    private readonly ulong _seed;
    private readonly int _faultOneIn;
    private readonly Func<bool> _isClosing;
    private readonly List<string> _faults = [];

    // What cleaning has brought here, and what a page is constructed from.
    private readonly long[] _versions = new long[Keys];
    private readonly int[] _alive = new int[Keys];

    // Handles that were good once.
    private readonly ulong[] _handles = new ulong[Keys];
    private int _calls;

    public VerifiedNodes(PageCache cache, int kind, bool cleans, ulong seed, int faultOneIn, Func<bool> isClosing)
    {
        Kind = kind;
        _seed = seed;
        _faultOneIn = faultOneIn;
        _isClosing = isClosing;
        Type = cache.AddType(new PageTypeOptions { Name = $"nodes-{kind}", Construct = Construct, Destroy = Destroy, Clean = cleans ? Clean : null });
    }

    public int Kind { get; }

    public PageType Type { get; }

    /// <summary>Gets a page, constructed if need be, and finds itself in it as long as it is held; sometimes changes it.</summary>
    public void Use(ref XorShift random, VerifyTally tally)
    {
        var key = Choose(ref random);
        var page = Type.GetOrAdd(key);
        try
        {
            Volatile.Write(ref _handles[key], Unsafe.BitCast<FolioHandle, ulong>(page.Handle));
            Hold(ref random, tally, page, key);
            if (random.OnceIn(3) && Type.TryChange(page, out var change))
            {
                Fill(change.Content, key, VersionOf(change.Content) + 1);
                change.Dispose();
                tally.NodesChanged++;
            }
        }
        finally
        {
            page.Dispose();
        }
    }

    /// <summary>Gets a page by a handle that was good once; another type must not.</summary>
    public void UseHandle(ref XorShift random, VerifyTally tally, VerifiedNodes other)
    {
        var key = Choose(ref random);
        var handle = Unsafe.BitCast<ulong, FolioHandle>(Volatile.Read(ref _handles[key]));
        if (other.Type.TryGet(handle, out var strange))
        {
            strange.Dispose();
            Fault($"a page of {Type.Options.Name} was got as one of {other.Type.Options.Name}");
        }

        if (!Type.TryGet(handle, out var page))
            return;
        Hold(ref random, tally, page, key);
        page.Dispose();
    }

    /// <summary>Reads a part of a page without a reference.</summary>
    public void Read(ref XorShift random, VerifyTally tally)
    {
        var key = Choose(ref random);
        Span<byte> copy = stackalloc byte[ReadBytes];
        if (!Type.TryRead(key, 0, copy))
            return;
        tally.NodesRead++;
        tally.BytesChecked += copy.Length;
        Require(copy, key, "was read");
    }

    /// <summary>Drops a page, or has all be cleaned.</summary>
    public void DropOrClean(ref XorShift random, VerifyTally tally)
    {
        if (random.OnceIn(2))
        {
            tally.NodesDropped += Type.Drop(FirstDropped + random.Below(Keys - FirstDropped)) ? 1 : 0;
            return;
        }

        try
        {
            Type.Clean();
        }
        catch (IOException failure) when (failure.InnerException is InjectedFaultException)
        {
            tally.FaultsMet++;
        }
    }

    /// <summary>What must be so when the cache is closed and all threads have ended, and isn't; with what was noticed before.</summary>
    public IEnumerable<string> FaultsOfTheEnd()
    {
        var counts = Type.Statistics;
        if (counts.Constructed != counts.Destroyed)
            yield return $"{counts.Constructed} pages of {counts.Name} were constructed and {counts.Destroyed} destroyed";
        if (Array.FindIndex(_alive, alive => alive != 0) is >= 0 and var key)
            yield return $"page {key} of {counts.Name} was constructed {_alive[key]} times more than destroyed";
        lock (_faults)
        {
            foreach (var fault in _faults)
                yield return fault;
        }
    }

    private void Hold(ref XorShift random, VerifyTally tally, FolioReference page, int key)
    {
        tally.NodesRead++;
        RequireOwn(page.Bytes, key, "is held");
        if (!random.OnceIn(4))
            return;
        Thread.Yield();
        RequireOwn(page.Bytes, key, "is held");
    }

    private void Construct(long key, Span<byte> content)
    {
        MakeTrouble("constructing");
        if (content.ContainsAnyExcept((byte)0))
            Fault($"page {key} of {Type.Options.Name} wasn't zeros when it was constructed");
        Interlocked.Increment(ref _alive[key]);
        Fill(content, key, Volatile.Read(ref _versions[key]));
    }

    private void Destroy(long key, Span<byte> content)
    {
        if (Interlocked.Decrement(ref _alive[key]) < 0)
            Fault($"page {key} of {Type.Options.Name} was destroyed more often than constructed");
        Require(content, key, "was destroyed");
        if (Type.Options.Clean is not null && key < FirstDropped && !_isClosing() && VersionOf(content) > Volatile.Read(ref _versions[key]))
            Fault($"page {key} of {Type.Options.Name} was destroyed with a version that wasn't cleaned");
        content.Fill(0xDD);
    }

    private void Clean(long key, ReadOnlySpan<byte> content)
    {
        MakeTrouble("cleaning");
        Require(content, key, "was cleaned");
        Volatile.Write(ref _versions[key], VersionOf(content));
    }

    private void Fill(Span<byte> content, long key, long version)
    {
        var header = MemoryMarshal.Cast<byte, long>(content[..HeaderBytes]);
        (header[0], header[1], header[2]) = (Kind, key, version);
        Pattern.Fill(SeedOf(key, version), 0, content[HeaderBytes..]);
    }

    /// <summary>All of it: nobody changes it.</summary>
    private void Require(ReadOnlySpan<byte> content, long key, string what)
    {
        RequireOwn(content, key, what);
        if (Pattern.CountWrong(SeedOf(key, VersionOf(content)), 0, content[HeaderBytes..]) is > 0 and var wrong)
            Fault($"page {key} of {Type.Options.Name} {what} with {wrong} wrong bytes");
    }

    private void RequireOwn(ReadOnlySpan<byte> content, long key, string what)
    {
        var header = MemoryMarshal.Cast<byte, long>(content[..HeaderBytes]);
        if (header[0] != Kind || header[1] != key)
            Fault($"page {key} of {Type.Options.Name} {what}, and says that it is page {header[1]} of kind {header[0]}");
    }

    private void Fault(string fault)
    {
        lock (_faults)
        {
            if (_faults.Count < VerifyTally.MostFaults)
                _faults.Add(fault);
        }
    }

    private void MakeTrouble(string what)
    {
        var call = Interlocked.Increment(ref _calls);
        var random = new XorShift(_seed, call);
        if (_faultOneIn > 0 && random.OnceIn(_faultOneIn))
            throw new InjectedFaultException($"call {call} of {Type.Options.Name}, {what}");
    }

    private ulong SeedOf(long key, long version) => new XorShift(_seed + (ulong)Kind, (int)((key << 20) + version)).Next();

    private static long VersionOf(ReadOnlySpan<byte> content) => MemoryMarshal.Cast<byte, long>(content)[2];

    // Half of all turns go to a few pages, so that threads meet.
    private static int Choose(ref XorShift random) => random.Below(random.OnceIn(2) ? 4 : Keys);
}
