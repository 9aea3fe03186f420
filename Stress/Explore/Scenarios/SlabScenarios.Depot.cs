using FolioRuntime.Exploration.Engine;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <content>
/// With a depot between threads' stacks and the slabs: a flush fills a magazine, a refill takes one, and somebody empties the depot meanwhile.
/// A stack holds four slots and a magazine two, of sixteen in the only page.
/// </content>
internal static partial class SlabScenarios
{
    private static readonly SlabCacheOptions s_withDepot = new() { ThreadCacheCapacity = 4, EmptySlabsKept = 0 };

    private static IReadOnlyList<Scenario> Depots =>
    [
        Of("slab-depot-flush-against-refills", "A return finds its thread's stack full and flushes a magazine while two others' rents refill: from there or from the slabs, each slot for one of them.", [25, 26], true, static () =>
        {
            var play = new DepotPlay();
            return play.Play([play.Return, play.Rent, play.Rent]);
        }, "depot"),
        Of("slab-depot-refills", "Two rents refill from the depot, where one magazine lies: one of them gets it, and the other takes from the slabs.", [26], true, static () =>
        {
            var play = new DepotPlay { IsStowed = true };
            return play.Play([play.Rent, play.Rent]);
        }, "depot"),
        Of("slab-depot-refill-against-trim", "A rent refills from the depot, where a magazine lies, while the cache is trimmed: it gets the magazine, or the slabs do.", [26], false, static () =>
        {
            var play = new DepotPlay { IsStowed = true };
            return play.Play([play.Scene.X.Trim, play.Rent]);
        }, "depot"),
        Of("slab-depot-flush-against-trim", "A return flushes a magazine while the cache is trimmed: its slots lie in the depot, or are back in the slabs.", [25, 26], false, static () =>
        {
            var play = new DepotPlay();
            return play.Play([play.Return, play.Scene.X.Trim]);
        }, "depot"),
        Of("slab-depot-exchange-against-idle-trim", "A return flushes a magazine and a rent takes one while what lay idle in the depot is given up.", [25, 26], false, static () =>
        {
            var play = new DepotPlay { IsStowed = true, IsIdle = true };
            return play.Play([play.Scene.X.TrimIdle, play.Return, play.Rent]);
        }, "depot"),
        Of("slab-depot-flush-against-dispose", "A return flushes a magazine while the cache is disposed: nothing stays in its depot.", [19, 33], false, static () =>
        {
            var play = new DepotPlay { KeepsOne = false };
            return play.Play([play.Return, play.Scene.X.Dispose], play.Scene.RequireForgotten, ViolationKind.OutstandingAtDispose);
        }, "depot"),
        Of("slab-depot-refill-against-dispose", "A rent refills from the depot, where a magazine lies, while the cache is disposed: it gets the magazine, or is refused.", [19, 33], false, static () =>
        {
            var play = new DepotPlay { IsStowed = true };
            return play.Play([play.Scene.X.Dispose, play.Rent], play.Scene.RequireForgotten, ViolationKind.OutstandingAtDispose);
        }, "depot"),
        Of("slab-depot-reclaimed", "A return flushes a magazine, the last object of its page, and its thread ends; the other type asks for the page: it can have one whose slots lie in the depot.", [18, 22, 25], false, static () =>
        {
            var play = new DepotPlay { KeepsOne = false };
            return play.Play([play.Return, () => play.Scene.RentAndReturn(play.Scene.Y)], () =>
            {
                play.Scene.X.Statistics();
                play.Scene.Return(play.Scene.Y, play.Scene.Rent(play.Scene.Y));
            });
        }, "depot"),
    ];

    /// <summary>One thread's stack is full, and there is one object more for it to return; others' stacks are empty. Or a magazine lies in the depot.</summary>
    private sealed class DepotPlay
    {
        private readonly Queue<SlabHandle> _toReturn = [];
        private readonly Stack<SlabHandle> _held = [];

        public PageScene Scene { get; } = new(slots: 16, options: s_withDepot);

        /// <summary>Whether the first thread has put a magazine into the depot, and has an empty stack.</summary>
        public bool IsStowed { get; init; }

        /// <summary>Whether that magazine was there when idleness was looked for; the second thread's stack is full then.</summary>
        public bool IsIdle { get; init; }

        /// <summary>Whether an object for each thread with an empty stack is out to the end.</summary>
        public bool KeepsOne { get; init; } = true;

        public void Return() => Requirement.That(Scene.Return(Scene.X, _toReturn.Dequeue()), "an owner can return");

        /// <summary>As many as a magazine has, unless the cache is disposed.</summary>
        public void Rent()
        {
            try
            {
                for (var i = 0; i < 2; i++)
                    _held.Push(Scene.Rent(Scene.X));
            }
            catch (ObjectDisposedException)
            {
                Requirement.That(Scene.X.IsDisposed, "only a cache that is disposed says so");
            }
        }

        public Scene Play(Action[] threads, Action? check = null, ViolationKind? atMost = null)
        {
            // The maker's stack stays empty. It is the first, so that there is a depot when the second comes.
            for (var i = 0; i < (IsIdle ? 12 : 6); i++)
                _toReturn.Enqueue(Scene.Rent(Scene.X));
            return Scene.Play(
                threads,
                preludes: IsIdle ? [FillDepot, FillStack, ComeEmpty] : [IsStowed ? FillDepot : FillStack, ComeEmpty, threads.Length > 2 ? ComeEmpty : null],
                check: () =>
                {
                    ReturnAll();
                    check?.Invoke();
                },
                atMost: atMost);
        }

        private void FillStack()
        {
            for (var i = 0; i < 4; i++)
                Return();
        }

        private void FillDepot()
        {
            FillStack();
            Return();
            for (var i = 0; i < 3; i++)
                _held.Push(Scene.Rent(Scene.X));
            if (IsIdle)
                Scene.X.TrimIdle();
        }

        private void ComeEmpty()
        {
            var handle = _held.Count > 0 ? _held.Pop() : _toReturn.Dequeue();
            Requirement.That(Scene.Return(Scene.X, handle), "an owner can return");
            if (KeepsOne)
                _held.Push(Scene.Rent(Scene.X));
        }

        private void ReturnAll()
        {
            while (_toReturn.Count > 0)
                Return();
            foreach (var handle in _held)
                Requirement.That(Scene.Return(Scene.X, handle), "an owner can return");
        }
    }
}
