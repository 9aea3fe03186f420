extern alias instrumented;

using System.Runtime.CompilerServices;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: a copy of the tagged lifetime word's operations in which one line may be wrong. It shares no code with the runtime, so it stays what
/// it is whatever becomes of that. Don't repair it, don't tune it.
/// <code>
///   references[34..63] | owned[33] | live[32] | generation[0..31]            as in the runtime
///   owned[63] | live[62] | references[32..61] | generation[0..31]            where references lie below live
///   references[36..63] | owned[33] | live[32] | generation[0..31]            where the field is short and has no limit
/// </code>
/// </summary>
internal sealed class FrozenLifetime(WrongLine wrong)
{
    private const uint WrapAfter = 14;
    private const uint ReferenceLimit = 1u << 28;

    private readonly bool _below = wrong == WrongLine.ReferencesBelowLive;
    private readonly int _shift = wrong switch { WrongLine.ReferencesBelowLive => 32, WrongLine.NoReferenceLimit => 36, _ => 34 };
    private readonly ulong _live = wrong == WrongLine.ReferencesBelowLive ? 1ul << 62 : 1ul << 32;
    private readonly ulong _owned = wrong == WrongLine.ReferencesBelowLive ? 1ul << 63 : 1ul << 33;

    public ulong OneReference => 1ul << _shift;

    public ulong Word(uint generation, bool isLive, bool isOwned, ulong references) =>
        generation | (isLive ? _live : 0) | (isOwned ? _owned : 0) | (references << _shift);

    public bool IsLive(ulong word) => (word & _live) != 0;

    public bool IsOwned(ulong word) => (word & _owned) != 0;

    public uint References(ulong word) => (uint)((word >> _shift) & (_below ? (1ul << 30) - 1 : ulong.MaxValue));

    public uint Next(uint generation) => wrong == WrongLine.GenerationsWrap ? (generation % WrapAfter) + 1 : generation + 1;

    public void Publish(ref ulong word, bool isOwned, ulong references)
    {
        var dead = Atomics.LoadAcquire(ref word);
        var generation = Math.Max(1, (uint)dead);
        if (wrong == WrongLine.PublishByAdd)
            Atomics.Add(ref word, Word(generation, true, isOwned, references) - (uint)dead);
        else
            Atomics.StoreRelease(ref word, Word(generation, true, isOwned, references));
    }

    /// <summary>Takes a reference. False: refused; and if <paramref name="mustDestroy"/>, the caller was left as the last holder of a stranger.</summary>
    public bool TryGet(ref ulong word, uint generation, out bool mustDestroy)
    {
        mustDestroy = false;
        if (wrong == WrongLine.CheckBeforeHold)
        {
            var seen = Atomics.LoadAcquire(ref word);
            if (!IsLive(seen) || (uint)seen != generation)
                return false;
            Atomics.Add(ref word, OneReference);
            return true;
        }

        var after = Atomics.Add(ref word, OneReference);
        if (!IsLive(after))
            return false;
        if (IsSame((uint)after, generation) && (References(after) <= ReferenceLimit || wrong == WrongLine.NoReferenceLimit))
            return true;
        mustDestroy = Put(ref word);
        return false;
    }

    /// <summary>Drops a reference. True: the caller must destroy the object, whose generation has ended.</summary>
    public bool Put(ref ulong word)
    {
        var after = Atomics.Add(ref word, 0 - OneReference);
        if (References(after) != 0 || IsOwned(after) || (!IsLive(after) && wrong != WrongLine.PutIgnoresDeath))
            return false;
        if (wrong != WrongLine.EndWithoutCompare)
            return Atomics.CompareExchange(ref word, Next((uint)after), after) == after;
        ClearLive(ref word);
        Atomics.StoreRelease(ref word, Next((uint)after));
        return true;
    }

    /// <summary>Ends the owner's hold, of this generation, once.</summary>
    public bool TryReturn(ref ulong word, uint generation, out bool mustDestroy)
    {
        // Ends: a compare-exchange fails only because somebody else's step got through.
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref word);
            mustDestroy = References(seen) == 0 || wrong == WrongLine.ReturnIgnoresHolders;
            if (!IsLive(seen) || !IsOwned(seen) || (uint)seen != generation)
                return false;
            if (Atomics.CompareExchange(ref word, mustDestroy ? Next(generation) : seen & ~_owned, seen) == seen)
                return true;
        }
    }

    public bool TryFreeze(ref ulong word, uint generation, uint references)
    {
        var seen = Atomics.LoadAcquire(ref word);
        if (!IsLive(seen) || (uint)seen != generation || References(seen) != references)
            return false;
        var frozen = Word(generation, false, IsOwned(seen), 0);
        if (wrong != WrongLine.FreezeWithoutCompare)
            return Atomics.CompareExchange(ref word, frozen, seen) == seen;
        Atomics.StoreRelease(ref word, frozen);
        return true;
    }

    public void Unfreeze(ref ulong word, uint generation, uint references) =>
        Atomics.StoreRelease(ref word, Word(generation, true, IsOwned(Atomics.LoadAcquire(ref word)), references));

    /// <summary>The live bit alone, in the upper half of the word.</summary>
    public void ClearLive(ref ulong word) =>
        Atomics.And(ref Unsafe.Add(ref Unsafe.As<ulong, uint>(ref word), 1), ~(uint)(_live >> 32));

    private bool IsSame(uint found, uint wanted) => wrong switch
    {
        WrongLine.GenerationIgnored => true,
        WrongLine.GenerationCutShort => (byte)found == (byte)wanted,
        _ => found == wanted,
    };
}
