using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching.Stores;

/// <summary>
/// A store whose operations go wrong as told: at a number, or at a rate. Which ones, and how, follows from the seed and from their order, so one thread meets the same faults again.
/// Thread-safe. Linux: <c>CONFIG_FAIL_MAKE_REQUEST</c>, <c>dm-flakey</c>.
/// </summary>
public sealed class FaultInjectingPageStore : IPageStore
{
    private const int SectorBytes = 512;

    private readonly IPageStore _inner;
    private readonly ulong _seed;
    private readonly PageStoreFaultRule[] _rules;

    // Operations seen, by rule; faults; 1: nothing goes wrong any more. Any thread, by atomics; each a statistic of its own.
    private readonly long[] _seen;
    private long _faults;
    private uint _healed;

    /// <summary>Wraps a store.</summary>
    /// <param name="inner">What does the work. Owned from here on.</param>
    /// <param name="seed">Of the rates and of how much is done of what is shortened or torn.</param>
    /// <param name="rules">What goes wrong. The first that applies decides.</param>
    /// <exception cref="ArgumentException">A rule's number is below zero, or its rate isn't from 0 to 1.</exception>
    public FaultInjectingPageStore(IPageStore inner, ulong seed, params IReadOnlyList<PageStoreFaultRule> rules)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.FirstOrDefault(rule => rule.At < 0 || rule.Rate is not (>= 0 and <= 1)) is { } wrong)
            throw new ArgumentException($"{wrong} says neither a number nor a rate from 0 to 1.", nameof(rules));
        _inner = inner;
        _seed = seed;
        _rules = [.. rules];
        _seen = new long[_rules.Length];
    }

    /// <summary>How many operations went wrong so far.</summary>
    public long Faults => Atomics.LoadAcquire(ref _faults);

    /// <inheritdoc />
    public long LengthBytes => _inner.LengthBytes;

    /// <inheritdoc />
    public int AlignmentBytes => _inner.AlignmentBytes;

    /// <summary>From now on nothing goes wrong any more.</summary>
    public void Heal() => Atomics.Exchange(ref _healed, 1);

    /// <inheritdoc />
    public int Read(Span<byte> destination, long offsetBytes)
    {
        var fault = NextFault(PageStoreOperations.Read, out var chance);
        if (fault == PageStoreFault.Fail)
            throw Failure("A read", offsetBytes);
        var read = _inner.Read(destination, offsetBytes);
        if (fault == PageStoreFault.Shorten)
        {
            destination[(int)(chance % (ulong)(destination.Length + 1))..].Fill((byte)chance);
            throw Failure("A read", offsetBytes);
        }

        if (fault == PageStoreFault.Tear && read > 0)
            destination[(int)(chance % (ulong)read)] ^= (byte)(1 << (int)(chance >> 61));
        return read;
    }

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> source, long offsetBytes)
    {
        switch (NextFault(PageStoreOperations.Write, out var chance))
        {
            case PageStoreFault.Fail:
                throw Failure("A write", offsetBytes);
            case PageStoreFault.Shorten:
                var units = (source.Length / AlignmentBytes) + 1;
                _inner.Write(source[..((int)(chance % (ulong)units) * AlignmentBytes)], offsetBytes);
                throw Failure("A write", offsetBytes);
            case PageStoreFault.Tear:
                Tear(source, offsetBytes, chance);
                break;
            default:
                _inner.Write(source, offsetBytes);
                break;
        }
    }

    /// <inheritdoc />
    public ValueTask<int> ReadAsync(IReadOnlyList<Memory<byte>> destinations, long offsetBytes, CancellationToken cancellationToken) =>
        Disturbs(PageStoreOperations.Read)
            ? StoreTransfers.ReadEachAsync(this, destinations, offsetBytes, cancellationToken)
            : _inner.ReadAsync(destinations, offsetBytes, cancellationToken);

    /// <inheritdoc />
    public ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offsetBytes, CancellationToken cancellationToken) =>
        Disturbs(PageStoreOperations.Write)
            ? StoreTransfers.WriteEachAsync(this, sources, offsetBytes, cancellationToken)
            : _inner.WriteAsync(sources, offsetBytes, cancellationToken);

    /// <inheritdoc />
    public void Flush()
    {
        var fault = NextFault(PageStoreOperations.Flush, out _);
        if (fault is null or PageStoreFault.Shorten)
            _inner.Flush();
        if (fault is PageStoreFault.Fail or PageStoreFault.Shorten)
            throw Failure("A flush", 0);
    }

    /// <inheritdoc />
    public void SetLength(long lengthBytes)
    {
        var fault = NextFault(PageStoreOperations.SetLength, out _);
        if (fault != PageStoreFault.Fail)
            _inner.SetLength(lengthBytes);
        if (fault is PageStoreFault.Fail or PageStoreFault.Shorten)
            throw Failure("A change of length", lengthBytes);
    }

    /// <inheritdoc />
    public void Dispose() => _inner.Dispose();

    private bool Disturbs(PageStoreOperations operation) => Atomics.LoadAcquire(ref _healed) == 0 && _rules.Any(rule => (rule.Operations & operation) != 0);

    private PageStoreFault? NextFault(PageStoreOperations operation, out ulong chance)
    {
        chance = 0;
        if (Atomics.LoadAcquire(ref _healed) != 0)
            return null;
        PageStoreFault? fault = null;
        for (var i = 0; i < _rules.Length; i++)
        {
            var rule = _rules[i];
            if ((rule.Operations & operation) == 0)
                continue;
            var number = Atomics.Add(ref _seen[i], 1);
            var random = Mix(_seed + ((ulong)i << 48) + (ulong)number);
            if (fault is not null || (number != rule.At && (random >> 11) * (1.0 / (1ul << 53)) >= rule.Rate))
                continue;
            chance = Mix(random);
            fault = rule.Fault;
        }

        if (fault is not null)
            Atomics.Count(ref _faults, 1);
        return fault;
    }

    /// <summary>Some sectors arrive; at least one doesn't. Where the store wants larger pieces, what was there before takes the place of those that don't.</summary>
    private void Tear(ReadOnlySpan<byte> source, long offsetBytes, ulong chance)
    {
        var before = AlignedMemory.Allocate(source.Length, AlignmentBytes).Span;
        before[_inner.Read(before, offsetBytes)..].Clear();
        var sectors = (source.Length + SectorBytes - 1) / SectorBytes;
        var lost = (int)(chance % (ulong)Math.Max(sectors, 1));
        for (var sector = 0; sector < sectors; sector++)
        {
            var part = (sector * SectorBytes)..Math.Min(source.Length, (sector + 1) * SectorBytes);
            if (sector != lost && (Mix(chance + (ulong)sector) & 1) == 0)
                source[part].CopyTo(before[part]);
        }

        _inner.Write(before, offsetBytes);
    }

    private static InjectedFaultException Failure(string what, long offsetBytes) => new($"{what} at {offsetBytes} was made to fail.");

    // SplitMix64's output function.
    private static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
