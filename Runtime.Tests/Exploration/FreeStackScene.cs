using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Tests.Exploration;

/// <summary>
/// A lock-free list of free slots through a head word, with and without a tag in it that grows with every pop: two threads take, one of them gives
/// back what it took first. Without the tag a stalled take finds the head it knows and installs a next that was taken meanwhile.
/// </summary>
internal static class FreeStackScene
{
    private const int Head = 0;
    private const ulong None = 0xff;
    private const int TagShift = 8;

    public static Scene Make(bool tagged)
    {
        // Slots 1, 2, 3 in a chain; word s holds the next of slot s.
        var words = new Words(4);
        words[Head] = 1;
        words[1] = 2;
        words[2] = 3;
        words[3] = None;
        var held = new List<ulong>();
        return new Scene(
            () => Hold(Take()),
            () =>
            {
                var first = Take();
                var second = Take();
                Hold(second);
                if (first != None)
                    Give(first);
            })
        {
            Check = () =>
            {
                for (var slot = Take(); slot != None; slot = Take())
                    Hold(slot);
            },
            Close = words.Dispose,
        };

        void Hold(ulong slot)
        {
            if (slot == None)
                return;
            Requirement.That(!held.Contains(slot), $"slot {slot} was taken twice");
            held.Add(slot);
        }

        ulong Take()
        {
            var wait = default(SpinWait);
            while (true)
            {
                var head = words.Load(Head);
                var slot = head & None;
                if (slot == None)
                    return None;
                var next = words.Load((int)slot) & None;
                if (words.TryReplace(Head, head, tagged ? (((head >> TagShift) + 1) << TagShift) | next : next))
                    return slot;
                wait.SpinOnce();
            }
        }

        void Give(ulong slot)
        {
            while (true)
            {
                var head = words.Load(Head);
                words.Store((int)slot, head & None);
                if (words.TryReplace(Head, head, (head & ~None) | slot))
                    return;
            }
        }
    }
}
