using FolioRuntime.Exploration.Engine;
using FolioRuntime.Folios;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Frames between threads' lists, the buddy system, the reservation and the operating system: each is in one place, and none is lost.</summary>
internal static class PageScenarios
{
    private const string Subject = "pages";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("pages-list-against-trim", "One takes and frees a frame past its list while another empties all lists and gives free memory back.", () => ListAgainstTrim(times: 1))
        {
            Subject = Subject,
            Invariants = ["L8"],
            Hazards = [17, 27],
        },
        new("pages-list-against-trim-again", "The same twice over, so that the list also gives what was freed into it.", () => ListAgainstTrim(times: 2))
        {
            Subject = Subject,
            Invariants = ["L8"],
            Hazards = [17, 27],
            Sequential = Reach.Preemptions(2),
        },
        new("pages-lists-against-close", "One takes a frame, another frees a block, while a third closes the allocator: what is out stays whole until it is freed, and then all is given back.", ListsAgainstClose)
        {
            Subject = Subject,
            Invariants = ["L8"],
            Hazards = [19, 33],
            Sequential = Reach.Preemptions(2),
        },
        new("pages-exhausted-against-lists", "The only frame lies in a thread's list or in use there, or that thread has ended, while another asks for it: never both have it.", ExhaustedAgainstLists)
        {
            Subject = Subject,
            Invariants = ["L8"],
            Hazards = [18, 22, 25],
        },
        new("pages-split-and-merge", "Three take and free blocks of different orders out of four frames: what is free merges with what is free, as far as it can.", SplitAndMerge)
        {
            Subject = Subject,
            Invariants = ["L8"],
        },
        new("pages-merge-beside-singles", "One takes two single frames and frees them, the first one first, beside a block that another takes and frees: that never merges with a part.", MergeBesideSingles)
        {
            Subject = Subject,
            Invariants = ["L8"],
        },
        new("pages-exact", "One takes three frames of four, another one, and a third frees a block.", Exact)
        {
            Subject = Subject,
            Invariants = ["L8"],
        },
        new("pages-growth-against-forged-numbers", "The allocator grows while others come with any number of a frame or slot: none below the limits leads beyond what is committed.", GrowthAgainstForgedNumbers)
        {
            Subject = Subject,
            Invariants = ["L3", "L8"],
            Hazards = [21],
            Weak = Reach.Everything,
        },
        new("pages-growth-against-handles", "The allocator grows while folios are looked up and read by forged handles: what is not there is stale.", GrowthAgainstHandles)
        {
            Subject = Subject,
            Invariants = ["L3", "L6", "L8"],
            Hazards = [21],
            Weak = Reach.Everything,
        },
        new("pages-capacity", "Two ask for the one block that the capacity allows while it is freed: the reservation is larger, and never used.", Capacity)
        {
            Subject = Subject,
            Invariants = ["L8"],
            Hazards = [18],
        },
        new("pages-set-aside", "Frames spent for folios and for slabs go back while both are asked for: each only serves what it is fit for, and one spent for both is retired.", SetAside)
        {
            Subject = Subject,
            Invariants = ["L5", "L8"],
            Hazards = [9],
        },
        new("pages-unfit-and-lists", "A frame spent for folios is taken and freed as a slab while others ask for folios: it gets into no thread's list.", UnfitAndLists)
        {
            Subject = Subject,
            Invariants = ["L5", "L8"],
            Hazards = [9],
        },
        new("pages-split-against-lists", "A block is split by its owner and its parts freed one by one, past a full list, while another takes and frees a frame beside it.", SplitAgainstLists)
        {
            Subject = Subject,
            Invariants = ["L8"],
        },
    ];

    private static Scene ListAgainstTrim(int times)
    {
        var scene = new FrameScene(frames: 2, maxOrder: 1, listCapacity: 1);
        return scene.Play(
            () => scene.RequireWhole(),
            () =>
            {
                for (var i = 0; i < times; i++)
                    scene.TakeAndFree(0, 1);
            },
            () => scene.Pages.Trim());
    }

    private static Scene ListsAgainstClose()
    {
        var scene = new FrameScene(frames: 4, maxOrder: 1, listCapacity: 1);
        Requirement.That(scene.TryTake(1, FrameUses.Folio, 3, out var held), "the scene has a block");
        scene.ContentOf(held.Value, 1) = 3;
        return scene.Play(
            Check,
            () => scene.TakeAndFree(0, 1),
            () => scene.Pages.Close(),
            () =>
            {
                Requirement.Equal(Content.Read(ref scene.ContentOf(held.Value, 1)), 3ul, "L2: a frame in use keeps its content");
                scene.Leave(held, 2, 3);
                scene.Pages.Free(held, 1);
            });

        void Check()
        {
            Requirement.That(!scene.Pages.TryAllocate(0, FrameUses.Folio, out _), "nothing is handed out after the end");
            Requirement.Equal(scene.Pages.CachedFrames, 0, "no list keeps anything after the end");
            Requirement.Equal(scene.ContentOf(held.Value, 1), 0ul, "the memory is given back");
            scene.RequireWhole();
        }
    }

    private static Scene ExhaustedAgainstLists()
    {
        var scene = new FrameScene(frames: 1, listCapacity: 1);
        return scene.Play(
            () => RequireAvailable(scene),
            () => scene.TakeAndFree(0, 1),
            () => scene.TakeAndFree(0, 2));
    }

    private static Scene SplitAndMerge()
    {
        var scene = new FrameScene(frames: 4, maxOrder: 2);
        return scene.Play(
            () => RequireOneBlock(scene),
            () => scene.TakeAndFree(1, 1),
            () => scene.TakeAndFree(1, 2, FrameUses.Slab),
            () => scene.TakeAndFree(2, 3));
    }

    private static Scene MergeBesideSingles()
    {
        var scene = new FrameScene(frames: 4, maxOrder: 2, listBatch: 1);
        return scene.Play(
            () => RequireOneBlock(scene),
            () =>
            {
                Requirement.That(scene.TryTake(0, FrameUses.Folio, 1, out var first), "there is a frame");
                Requirement.That(scene.TryTake(0, FrameUses.Folio, 1, out var second), "there is a frame");
                scene.Leave(first, 1, 1);
                scene.Pages.Free(first, 0);
                scene.Leave(second, 1, 1);
                scene.Pages.Free(second, 0);
            },
            () => Requirement.That(scene.TakeAndFree(1, 2), "there is a block"));
    }

    private static Scene Exact()
    {
        var scene = new FrameScene(frames: 4, maxOrder: 2);
        Requirement.That(scene.TryTake(1, FrameUses.Folio, 9, out var held), "the scene has a block");
        return scene.Play(
            () => RequireOneBlock(scene),
            () =>
            {
                if (!scene.Pages.TryAllocateExact(3, FrameUses.Slab, out var frame))
                    return;
                scene.Occupy(frame, 3, 1);
                scene.Leave(frame, 3, 1);
                scene.Pages.FreeExact(frame, 3);
            },
            () => scene.TakeAndFree(1, 2),
            () =>
            {
                scene.Leave(held, 2, 9);
                scene.Pages.Free(held, 1);
            });
    }

    private static Scene GrowthAgainstForgedNumbers()
    {
        var scene = new FrameScene(frames: 3, commitsAreSteps: true);
        var layout = new FrameTableLayout(3 * PageOrder.FrameBytes, scene.Memory.PageBytes);
        scene.TryTake(0, FrameUses.Folio, 1, out _);
        return scene.Play(
            () => scene.RequireWhole(allocated: 3),
            () =>
            {
                scene.TryTake(0, FrameUses.Folio, 1, out _);
                scene.TryTake(0, FrameUses.Slab, 1, out _);
            },
            () =>
            {
                var frames = scene.Pages.Frames.CommittedFrames;
                var frame = frames - 1;
                Requirement.Equal(Content.Read(ref scene.Memory.Data.CommitMark((long)frame << PageOrder.FrameShift)), 1ul, "a frame below the limit has memory");
                Requirement.Equal(Content.Read(ref scene.Memory.Tables.CommitMark(frame * PageFrame.Bytes)), 1ul, "a frame below the limit has its entry");
            },
            () =>
            {
                var slot = scene.Pages.Frames.SlotLimit - 1;
                Requirement.Equal(Content.Read(ref scene.Memory.Tables.CommitMark(layout.SlotWordsOffset + (slot * sizeof(ulong)))), 1ul, "a slot below the limit has its word");
                Requirement.Equal(Content.Read(ref scene.Memory.Data.CommitMark((long)(slot >> layout.SlotShift) << PageOrder.FrameShift)), 1ul, "a slot below the limit has memory");
            });
    }

    private static Scene GrowthAgainstHandles()
    {
        var scene = new FolioScene(frames: 2, maxOrder: 0, zero: false);
        var first = default(FolioHandle);
        return scene.Play(
            () =>
            {
                scene.Folios.Return(first);
                scene.RequireEnded();
            },
            () => Requirement.That(scene.Folios.TryRent(new PageOrder(0), out first), "there is a frame"),
            () =>
            {
                if (scene.Folios.TryGet(new FolioHandle(0, 1), out var folio))
                    folio.Dispose();
                Requirement.Equal(scene.Folios.Get(new FolioHandle(1, 1), out _), FolioOutcome.Stale, "L3: what never was is stale");
            },
            () =>
            {
                Span<byte> bytes = stackalloc byte[8];
                scene.Folios.Read(new FolioHandle(0, 1), 0, bytes);
                Requirement.Equal(scene.Folios.Read(new FolioHandle(1, 1), 0, bytes), FolioOutcome.Stale, "L3: what never was is stale");
            });
    }

    private static Scene Capacity()
    {
        var scene = new FrameScene(frames: 4, maxOrder: 1, capacityFrames: 2);
        Requirement.That(scene.TryTake(1, FrameUses.Folio, 3, out var held), "the scene has a block");
        return scene.Play(
            () => RequireAvailable(scene, order: 1),
            () => scene.TakeAndFree(1, 1),
            () => scene.TakeAndFree(1, 2),
            () =>
            {
                scene.Leave(held, 2, 3);
                scene.Pages.Free(held, 1);
            });
    }

    private static Scene SetAside()
    {
        var scene = new FrameScene(frames: 2);
        Requirement.That(scene.TryTake(0, FrameUses.Folio, 8, out var first), "the scene has frames");
        Requirement.That(scene.TryTake(0, FrameUses.Slab, 9, out var second), "the scene has frames");
        return scene.Play(
            Check,
            () =>
            {
                scene.Leave(first, 1, 8);
                scene.Pages.SetAside(first, 1, FrameUses.Folio);
            },
            () =>
            {
                scene.Leave(second, 1, 9);
                scene.Pages.SetAside(second, 1, FrameUses.Slab);
            },
            () =>
            {
                if (!scene.TryTake(0, FrameUses.Slab, 1, out var slab))
                    return;
                Requirement.Equal(slab, first, "L5: a frame spent for slabs serves no slab");
                scene.Leave(slab, 1, 1);
                scene.Pages.SetAside(slab, 1, FrameUses.Slab);
            });

        void Check()
        {
            scene.RequireWhole();
            var worn = scene.FrameOf(first.Value);
            Requirement.Equal(worn.State == FrameState.Retired, worn.UnfitFor == FrameUses.Both, "L5: a frame is retired once it is spent for everything");
            Requirement.That(scene.TryTake(0, FrameUses.Folio, 1, out var folio) && folio == second, "L5: a frame spent for slabs still serves folios");
            Requirement.That(!scene.TryTake(0, FrameUses.Folio, 1, out _), "L5: a frame spent for folios serves no folio");
        }
    }

    private static Scene UnfitAndLists()
    {
        var scene = new FrameScene(frames: 3, listCapacity: 1, listBatch: 1);
        Requirement.That(scene.TryTake(0, FrameUses.Folio, 8, out var worn), "the scene has frames");
        Requirement.That(scene.TryTake(0, FrameUses.Folio, 9, out var other), "the scene has frames");
        scene.Leave(other, 1, 9);
        scene.Pages.SetAside(other, 1, FrameUses.None);
        scene.Leave(worn, 1, 8);
        scene.Pages.SetAside(worn, 1, FrameUses.Folio);
        return scene.Play(
            () => scene.RequireWhole(),
            () =>
            {
                scene.TakeAndFree(0, 1, FrameUses.Slab);
                TakeFolio(1);
            },
            () => TakeFolio(2));

        void TakeFolio(ulong user)
        {
            if (!scene.TryTake(0, FrameUses.Folio, user, out var frame))
                return;
            Requirement.That(frame != worn, "L5: a frame spent for folios serves no folio");
            scene.Leave(frame, 1, user);
            scene.Pages.Free(frame, 0);
        }
    }

    private static Scene SplitAgainstLists()
    {
        var scene = new FrameScene(frames: 4, maxOrder: 1, listCapacity: 1);
        Requirement.That(scene.TryTake(1, FrameUses.Folio, 1, out var block), "the scene has a block");
        return scene.Play(
            Check,
            () =>
            {
                scene.Pages.Split(block, 1, 0);
                for (var i = 0; i < 2; i++)
                {
                    scene.Leave(block + i, 1, 1);
                    scene.Pages.Free(block + i, 0);
                }
            },
            () => scene.TakeAndFree(0, 2));

        void Check()
        {
            scene.RequireWhole();
            scene.Pages.Trim();
            Requirement.That(scene.TryTake(1, FrameUses.Folio, 1, out _) && scene.TryTake(1, FrameUses.Folio, 1, out _), "L8: what is free is whole blocks again");
        }
    }

    private static void RequireOneBlock(FrameScene scene)
    {
        scene.RequireWhole();
        Requirement.That(scene.TakeAndFree(2, 99), "L8: what is free is one block again");
    }

    private static void RequireAvailable(FrameScene scene, int order = 0)
    {
        scene.RequireWhole();
        Requirement.That(scene.TakeAndFree(order, 99), "L8: the frame is there for whoever asks");
    }
}
