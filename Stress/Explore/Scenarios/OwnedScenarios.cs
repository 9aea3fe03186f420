using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// Slabs that threads own: returns on the owner's thread by plain stores, returns elsewhere as messages, and every way in which a slab changes hands. No pair
/// of returns, from whatever threads, puts a slot into circulation twice.
/// </summary>
internal static class OwnedScenarios
{
    private static readonly Reach s_bounded = Reach.Preemptions(2);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("owned-return-elsewhere", "A thread rents on while another returns what it rented before.", [25, 26], static () =>
        {
            var scene = new OwnedScene();
            var handle = default(SlabHandle);
            return scene.Play([scene.RentAndReturn, () => scene.Return(handle)], preludes: [() => handle = scene.Rent()]);
        }),
        Of("owned-double-return", "An owner returns an object, rents again and returns the first once more, while another thread returns it too: two of the three are too many.", [30], static () =>
        {
            // The other owns a slab too, and has room for what isn't its own.
            var scene = new OwnedScene(pages: 2);
            var handle = default(SlabHandle);
            var others = default(SlabHandle);
            return scene.Play(
                [
                    () =>
                    {
                        scene.TryReturn(handle);
                        var next = scene.Rent();
                        Requirement.That(!scene.TryReturn(handle), "L3: the last life's handle is refused");
                        scene.Return(next);
                    },
                    () => scene.TryReturn(handle),
                ],
                tooMany: 2,
                preludes: [() => handle = scene.Rent(), () => others = scene.Rent()],
                check: () => scene.Return(others));
        }, weak: true),
        Of("owned-double-return-against-trim", "The same while a third trims, so that the slab is nobody's at times.", [27, 30], static () =>
        {
            var scene = new OwnedScene(slots: 1);
            var handle = default(SlabHandle);
            return scene.Play([() => scene.TryReturn(handle), () => scene.TryReturn(handle), scene.X.Trim], tooMany: 1, preludes: [() => handle = scene.Rent()]);
        }, reach: s_bounded),
        Of("owned-many-rented-against-trim", "A thread rents an object, returns it and rents the two of its stack at once, while another trims.", [26, 27], static () =>
        {
            var scene = new OwnedScene(capacity: 2);
            SlabHandle[] handles = [];

            // Without the first the second would come before all that the other does: only an access to what both touch can come between.
            return scene.Play(
                [
                    () =>
                    {
                        scene.RentAndReturn();
                        handles = scene.RentMany(2);
                    },
                    scene.X.Trim,
                ],
                preludes: [scene.RentAndReturn],
                check: () => scene.ReturnMany(handles));
        }, reach: s_bounded),
        Of("owned-many-returned-against-trim", "A thread returns two objects at once, while another trims.", [26, 27], static () =>
        {
            var scene = new OwnedScene(capacity: 2);
            SlabHandle[] handles = [];
            return scene.Play([() => scene.ReturnMany(handles), scene.X.Trim], preludes: [() => handles = scene.RentMany(2)]);
        }, reach: s_bounded),
        Of("owned-many-double-return", "A thread returns three objects at once, of which another, who owns a slab too, returns the second.", [30], static () =>
        {
            var scene = new OwnedScene(pages: 2, slots: 4, capacity: 3);
            SlabHandle[] handles = [];
            var others = default(SlabHandle);
            return scene.Play(
                [() => scene.ReturnMany(handles), () => scene.TryReturn(handles[1])],
                tooMany: 1,
                preludes: [() => handles = scene.RentMany(3), () => others = scene.Rent()],
                check: () => scene.Return(others));
        }),
        Of("owned-double-return-elsewhere", "Two threads return an object each of a third, which has ended, and both return another of its objects: one of these is too many.", [25, 30], static () =>
        {
            var scene = new OwnedScene(slots: 4);
            SlabHandle[] handles = [default, default, default];
            return scene.Play(
                [
                    static () => { },
                    () => ReturnBoth(scene, handles[0], handles[1]),
                    () => ReturnBoth(scene, handles[2], handles[1]),
                ],
                tooMany: 1,
                preludes: [() => handles = [scene.Rent(), scene.Rent(), scene.Rent()]]);
        }),
        Of("owned-inbox-taken-in", "An owner returns an object and rents, which takes in what another thread has returned: another object, and the same one.", [25, 30], static () =>
        {
            var scene = new OwnedScene(slots: 2);
            SlabHandle[] handles = [default, default];
            return scene.Play(
                [
                    () =>
                    {
                        scene.TryReturn(handles[1]);
                        scene.RentAndReturn();
                        scene.RentAndReturn();
                    },
                    () => ReturnBoth(scene, handles[0], handles[1]),
                ],
                tooMany: 1,
                preludes: [() => handles = [scene.Rent(), scene.Rent()]]);
        }),
        Of("owned-inbox-serves", "An owner who has nothing left rents while another thread returns what he had: what he takes in serves him at once, and the rest goes back to its slab.", [25, 26], static () =>
        {
            var scene = new OwnedScene(slots: 2);
            SlabHandle[] handles = [default, default];
            var rented = false;
            var one = default(SlabHandle);
            return scene.Play(
                [() => rented = scene.TryRent(scene.X, out one), () => scene.Return(handles[1])],
                preludes: [() => handles = [scene.Rent(), scene.Rent()], () => scene.Return(handles[0])],
                check: () =>
                {
                    var room = scene.RentMany(rented ? 1 : 2);
                    scene.ReturnMany(rented ? [one, .. room] : room);
                });
        }),
        Of("owned-inbox-of-an-ended-owner", "A thread ends whose objects another returns, while a third looks after threads that have ended: no message is lost with it.", [22, 26], static () =>
        {
            var scene = new OwnedScene(slots: 2);
            SlabHandle[] handles = [default, default];
            return scene.Play(
                [static () => { }, () => ReturnBoth(scene, handles[0], handles[1]), () => scene.X.Statistics()],
                preludes: [() => handles = [scene.Rent(), scene.Rent()]]);
        }),
        Of("owned-end-of-owner", "A thread ends that owns a slab with an object out, which another returns while a third looks after threads that have ended.", [22, 25], static () =>
        {
            var scene = new OwnedScene();
            var handle = default(SlabHandle);
            return scene.Play([scene.RentAndReturn, () => scene.Return(handle), () => scene.X.Statistics()], preludes: [() => handle = scene.Rent()]);
        }),
        Of("owned-taken-from-another", "A thread owns the only page, with a slot free in it; another rents, and so takes the page away from it, while it returns what it has.", [26], static () =>
        {
            var scene = new OwnedScene(slots: 2);
            var handle = default(SlabHandle);
            return scene.Play([() => scene.Return(handle), () => Requirement.That(scene.TryRent(scene.X, out var other) && scene.TryReturn(other), "the free slot is found")], preludes: [() => handle = scene.Rent()]);
        }),
        Of("owned-grown-for-nothing", "An owner adds a slab while returns of others make that unnecessary: the new slab isn't left behind.", [25, 26], static () =>
        {
            var scene = new OwnedScene(pages: 2, slots: 4);
            SlabHandle[] handles = [default, default, default];
            return scene.Play(
                [scene.RentAndReturn, () => ReturnBoth(scene, handles[0], handles[1])],
                preludes: [() => handles = [scene.Rent(), scene.Rent(), scene.Rent(), scene.Rent()]],
                check: () => Array.ForEach(handles[2..], scene.Return));
        }),
        Of("owned-forged-after-hand-over", "A slab goes to another thread, whose object's handle its first owner returns: the first owner no longer judges it.", [30], static () =>
        {
            var scene = new OwnedScene(slots: 1);
            var handle = default(SlabHandle);
            return scene.Play(
                [
                    () =>
                    {
                        scene.Return(handle);
                        scene.TryReturn(Next(handle));
                    },
                    () =>
                    {
                        if (scene.TryRent(scene.X, out var mine))
                            scene.TryReturn(mine);
                    },
                ],
                tooMany: 1,
                preludes: [() => handle = scene.Rent()]);
        }, reach: s_bounded),
        Of("owned-forged-against-next-owner", "An owner returns the handle that its slab's next owner is about to get, when the last slot has come back.", [22, 30], static () =>
        {
            var fails = true;
            var scene = new OwnedScene(slots: 4, generationBits: 2, constructor: cache =>
            {
                if (!fails)
                    return;
                fails = false;
                cache.Trim();
                throw new ConstructorFailedException();
            });
            var next = default(SlabHandle);
            return scene.Play(
                [
                    static () => { },
                    () => scene.TryReturn(next),
                    () =>
                    {
                        scene.X.Statistics();
                        scene.TryReturn(scene.Rent());
                    },
                ],
                tooMany: 1,
                preludes:
                [
                    () =>
                    {
                        try
                        {
                            scene.Rent();
                        }
                        catch (ConstructorFailedException)
                        {
                            // The slot stays in this thread's stack, though its slab has become nobody's.
                        }
                    },

                    // This thread's slab then, and nothing of it is out but that: the second slot is retired.
                    () =>
                    {
                        scene.RentAndReturn();
                        var last = scene.Rent();
                        scene.Return(last);
                        next = new SlabHandle(last.Index - 1, 1);
                    },
                ]);
        }, reach: s_bounded),
        Of("owned-trimmed-and-returned-by-both", "A slab without a free slot is trimmed away from its owner; then both return the same object.", [27, 30], static () =>
        {
            var scene = new OwnedScene();
            SlabHandle[] handles = [default, default];
            return scene.Play(
                [
                    () => scene.TryReturn(handles[1]),
                    () =>
                    {
                        scene.X.Trim();
                        ReturnBoth(scene, handles[0], handles[1]);
                    },
                ],
                tooMany: 1,
                preludes: [() => handles = [scene.Rent(), scene.Rent()]]);
        }, reach: s_bounded),
        Of("owned-page-to-another-cache", "An owner flushes the last slot of a slab, whose page goes to another cache; the owner is then given that one's handle, and refuses it.", [21, 30], static () =>
        {
            var scene = new OwnedScene(pages: 2, slots: 1);
            SlabHandle[] handles = [default, default];
            return scene.Play(
                [
                    () =>
                    {
                        scene.Return(handles[0]);
                        scene.Return(handles[1]);
                        var rented = scene.TryRent(scene.X, out var again);
                        if (again == Next(handles[0]))
                        {
                            scene.Return(again);
                            scene.TryReturn(again);
                            return;
                        }

                        Requirement.That(!scene.TryReturn(Next(handles[0])), "another cache's object is refused");
                        if (rented)
                            scene.Return(again);
                    },
                    () =>
                    {
                        if (scene.TryRent(scene.Y, out var other))
                            scene.ReturnToY(other);
                    },
                ],
                tooMany: 1,
                preludes: [() => handles = [scene.Rent(), scene.Rent()]]);
        }, reach: s_bounded),
        Of("owned-dispose-against-owner", "The cache is disposed while an owner returns one object of two.", [19, 33], static () =>
        {
            var scene = new OwnedScene();
            SlabHandle[] handles = [default, default];
            return scene.Play(
                [() => Array.ForEach(handles, scene.Return), scene.X.Dispose],
                preludes: [() => handles = [scene.Rent(), scene.Rent()]]);
        }, reach: s_bounded),
        Of("owned-dispose-against-message", "The cache is disposed while a thread returns two objects of another: no message is left on its way.", [19, 33], static () =>
        {
            var scene = new OwnedScene();
            SlabHandle[] handles = [default, default];
            return scene.Play(
                [static () => { }, () => Array.ForEach(handles, scene.Return), scene.X.Dispose],
                preludes: [() => handles = [scene.Rent(), scene.Rent()]]);
        }, reach: s_bounded),
        Of("owned-dispose-refill", "The cache is disposed while its owner takes slots for its stack and passes on what it rents, which is returned after the end: no message is left in an inbox.", [19, 33], static () =>
        {
            var scene = new OwnedScene();
            var handle = default(SlabHandle);
            var posted = scene.Mailbox;
            return scene.Play(
                [
                    () =>
                    {
                        try
                        {
                            if (scene.TryRent(scene.X, out var rented))
                                Atomics.StoreRelease(ref posted.Value, rented.ToUInt64());
                        }
                        catch (ObjectDisposedException)
                        {
                            // The other right answer.
                        }
                    },
                    () =>
                    {
                        scene.X.Dispose();
                        if (Atomics.LoadAcquire(ref posted.Value) is var found and not 0)
                        {
                            posted.Value = 0;
                            scene.Return(new SlabHandle(found));
                        }
                    },
                ],
                preludes: [() => handle = scene.Rent()],
                check: () =>
                {
                    scene.Return(handle);
                    if (posted.Value != 0)
                        scene.Return(new SlabHandle(posted.Value));
                });
        }, reach: s_bounded),
        Of("owned-last-generation", "An object in its word's last generation is returned by its owner and by another.", [9, 30], static () =>
        {
            var scene = new OwnedScene(slots: 1, generationBits: 2);
            var handle = default(SlabHandle);
            return scene.Play(
                [() => scene.TryReturn(handle), () => scene.TryReturn(handle)],
                tooMany: 1,
                preludes:
                [
                    () =>
                    {
                        scene.RentAndReturn();
                        handle = scene.Rent();
                    },
                ]);
        }),
        Of("judged-last-generation", "The same where returns are judged at once: the word is retired, and never used again.", [9, 30], static () =>
        {
            var scene = new OwnedScene(slots: 1, generationBits: 2);
            var handle = default(SlabHandle);
            return scene.Play(
                [() => scene.Y.TryReturn(handle), () => scene.Y.TryReturn(handle)],
                tooMany: 1,
                preludes:
                [
                    () =>
                    {
                        scene.TryRent(scene.Y, out handle);
                        scene.ReturnToY(handle);
                        scene.TryRent(scene.Y, out handle);
                    },
                ],
                check: () => Requirement.Equal(scene.Y.Statistics().RetiredEver, 1, "words that were retired"));
        }),
    ];

    /// <summary>The handle of the slot's next life.</summary>
    private static SlabHandle Next(SlabHandle handle) => new(handle.Index, handle.Generation + 1);

    private static void ReturnBoth(OwnedScene scene, SlabHandle first, SlabHandle second)
    {
        scene.Return(first);
        scene.TryReturn(second);
    }

    private static Scenario Of(string name, string about, int[] hazards, Func<Scene> make, bool weak = false, Reach? reach = null) => new(name, about, make)
    {
        Subject = "owned slabs",
        Invariants = ["L1", "L3", "L4", "L8"],
        Hazards = hazards,
        Sequential = reach ?? Reach.Everything,
        Weak = weak ? Reach.Everything : null,
    };
}
