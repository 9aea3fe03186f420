extern alias instrumented;

using System.Runtime.InteropServices;
using FolioRuntime.Race.Controls;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Hazards;

/// <summary>
/// All threads pin one page and look at its content twice; one of them freezes it, changes it and unfreezes it, and now and then ends it. Whoever pins it finds one
/// content, and at the end of a round nobody is counted who isn't there.
/// </summary>
internal sealed class PinScene : HazardScene
{
    private const int LookBytes = 1024;
    private const int TurnsForAnEnd = 24;

    private readonly IPinned _page;
    private int _hasEnded;

    public PinScene(HazardSetting setting)
        : base(setting.Referee, turnsPerRound: 32)
    {
        _page = setting.IsSubject ? new RuntimePinned(setting.Referee) : new WrongPins(setting.Line(WrongStep.SummedFirst));
        Fill(1);
    }

    public override void Turn(Hand hand)
    {
        Visit(hand);
        if (hand.Index != 0)
            return;
        hand.Operations++;
        if (_page.TryFreeze())
        {
            Fill(1 + (ulong)hand.Below(256));
            _page.Unfreeze();
        }

        if (hand.OnceIn(TurnsForAnEnd) && Interlocked.Exchange(ref _hasEnded, 1) == 0)
            _page.End();
    }

    public override void CloseRound(Hand hand)
    {
        if (_hasEnded == 0)
        {
            var isFrozen = _page.TryFreeze();
            Referee.Require(isFrozen, "a pin is counted that nobody holds");
            if (isFrozen)
                _page.Unfreeze();
            _page.End();
        }

        Referee.Require(_page.Renew(), "the page is lost: ended, and pinned by nobody");
        _hasEnded = 0;
        Fill(1);
    }

    public override void Dispose() => _page.Dispose();

    private void Visit(Hand hand)
    {
        hand.Operations++;
        if (!_page.TryPin())
            return;
        var first = Look();
        Atomics.ReadBarrier();
        Referee.Require(Look() == first && first != 0, "content changed under a pin");
        _page.Unpin();
    }

    private ulong Look()
    {
        var words = MemoryMarshal.Cast<byte, ulong>(_page.Bytes[..LookBytes]);
        var first = words[0];
        Referee.Require(!words.ContainsAnyExcept(first), "content of two moments under a pin");
        return first;
    }

    private void Fill(ulong content)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(_page.Bytes[..LookBytes]);
        words[..(words.Length / 2)].Fill(content);
        Atomics.WriteBarrier();
        words[(words.Length / 2)..].Fill(content);
    }
}
