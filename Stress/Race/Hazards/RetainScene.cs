extern alias instrumented;

using System.Runtime.InteropServices;
using FolioRuntime.Race.Controls;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Hazards;

/// <summary>One thread rents blocks, stamps them, shows them and gives them back, as a pipe does; its neighbour retains what is shown and reads it: either it was in time, and reads that stamp until its release, or it is refused.</summary>
internal sealed class RetainScene : HazardScene
{
    private const int Blocks = 4;

    private readonly IRetaining _retaining;

    // Each renter's, by its index.
    private readonly Func<(IDisposable? Holder, ReadOnlyMemory<byte> Kept, long Stamp)>?[] _shown;
    private long _stamps;

    public RetainScene(HazardSetting setting)
        : base(setting.Referee, turnsPerRound: 64)
    {
        _retaining = setting.IsSubject ? new RuntimeRetaining(setting.Referee) : new WrongRetaining(setting.Line(WrongStep.RetainedAfterALook));
        _shown = new Func<(IDisposable?, ReadOnlyMemory<byte>, long)>?[setting.Threads];
    }

    public override void Turn(Hand hand)
    {
        if (hand.Index % 2 == 0)
            RentAndShow(hand);
        else
            Retain(hand);
    }

    public override void CloseRound(Hand hand) => Array.Clear(_shown);

    public override void Dispose() => _retaining.Dispose();

    private void RentAndShow(Hand hand)
    {
        for (var block = 0; block < Blocks; block++)
        {
            var owner = _retaining.Rent();
            var memory = owner.Memory;
            var stamp = Interlocked.Increment(ref _stamps);
            MemoryMarshal.Write(memory.Span, stamp);
            Volatile.Write(ref _shown[hand.Index], () =>
            {
                var holder = _retaining.TryRetain(owner, memory, out var kept);
                return (holder, kept, stamp);
            });
            Atomics.ReadBarrier();
            Referee.Require(MemoryMarshal.Read<long>(memory.Span) == stamp, "a block has two renters");
            owner.Dispose();
        }

        hand.Operations += Blocks;
    }

    private void Retain(Hand hand)
    {
        if (Volatile.Read(ref _shown[hand.Index - 1]) is not { } retain)
            return;
        hand.Operations++;
        var (holder, kept, stamp) = retain();
        if (holder is null)
            return;
        Referee.Require(MemoryMarshal.Read<long>(kept.Span) == stamp, "a block was retained after it had gone to the next renter");
        Atomics.ReadBarrier();
        Referee.Require(MemoryMarshal.Read<long>(kept.Span) == stamp, "a block went to the next renter while it was retained");
        holder.Dispose();
    }
}
