extern alias instrumented;

using System.Globalization;
using instrumented::FolioRuntime.Primitives;
using instrumented::FolioRuntime.Slabs;
using NUnit.Framework;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;

namespace FolioRuntime.Tests.Repository;

/// <summary>docs/MANY_CORES.md: what the hot paths do to memory is counted on the shipping source, and its curves are what its formulas give.</summary>
[NonParallelizable]
public sealed class ManyCoresTableTests
{
    private const string Document = "docs/MANY_CORES.md";
    private const int WarmUp = 200;

    private static readonly PageOrder s_single = new(0);

    [Test]
    public void The_table_of_accesses_is_what_the_paths_do()
    {
        using var runtime = new InstrumentedRuntime(new InstrumentedOptions { CapacityBytes = 16 << 20, TrimInterval = Timeout.InfiniteTimeSpan, ZeroFolios = false });
        var exclusive = runtime.CreateByteCache("exclusive", 64, new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
        var shared = runtime.CreateByteCache("shared", 64);
        var folios = runtime.Folios;
        var slot = shared.Rent();
        var folio = folios.Rent(s_single);
        var copy = new byte[64];
        Assert.That(folios.TryDistribute(folio, out var hot), Is.True);
        string[] rows =
        [
            Row("rent and return, exclusive", () => exclusive.Return(exclusive.Rent())),
            Row("rent and return, shared", () => shared.Return(shared.Rent())),
            Row("`TryGet` and put, object", () =>
            {
                if (shared.TryGet(slot, out var reference))
                    reference.Dispose();
            }),
            Row("`TryGet` and put, folio", () =>
            {
                if (folios.TryGet(folio, out var reference))
                    reference.Dispose();
            }),
            Row("optimistic read", () => folios.TryRead(folio, 0, copy)),
            Row("pin and unpin, distributed folio", () =>
            {
                if (hot!.TryPin(out var pin))
                    pin.Dispose();
            }),
            Row("rent and return, folio of one frame", () => folios.Return(folios.Rent(s_single))),
        ];
        hot!.Dispose();
        var text = RepositoryFiles.Read(Document);
        Assert.That(rows.Where(row => !text.Contains(row, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_curves_are_what_the_formulas_give()
    {
        const double LocalNs = 6;
        const double AddNs = 6;
        const double TransferNs = 100;
        int[] threads = [1, 2, 8, 32, 64, 128, 256];
        string[] rows =
        [
            Curve("nothing shared", n => n / LocalNs),
            Curve("adds on one word", n => n == 1 ? 1 / (2 * AddNs) : 1 / (2 * TransferNs)),
            Curve("a CAS loop on one word", n => n == 1 ? 1 / (2 * AddNs) : 1 / (2 * n * TransferNs)),
            Curve("one shared queue", n => n == 1 ? 1 / (2 * AddNs) : 1 / (4 * TransferNs)),
            Curve("the depot, 31 a magazine", n => Math.Min(n / LocalNs, 31 / (2 * TransferNs))),
            Curve("the depot, 120 a magazine", n => Math.Min(n / LocalNs, 120 / (2 * TransferNs))),
        ];
        var text = RepositoryFiles.Read(Document);
        Assert.That(rows.Where(row => !text.Contains(row, StringComparison.Ordinal)), Is.Empty);

        string Curve(string name, Func<int, double> perNanosecond) =>
            $"| {name} | {string.Join(" | ", threads.Select(n => Figure(1000 * perNanosecond(n))))} |";

        static string Figure(double millions) => millions.ToString(millions < 10 ? "0.##" : "0", CultureInfo.InvariantCulture);
    }

    private static string Row(string name, Action operation)
    {
        for (var i = 0; i < WarmUp; i++)
            operation();
        var watch = new Watch();
        SeamObserver.Current = watch;
        try
        {
            operation();
        }
        finally
        {
            SeamObserver.Current = null;
        }

        return $"| {name} | {watch.Atomic} | {watch.Statistics} |";
    }

    private sealed class Watch : SeamObserver
    {
        private readonly Thread _thread = Thread.CurrentThread;

        public int Atomic { get; private set; }

        public int Statistics { get; private set; }

        public override void Before(SeamOperation operation, nint address)
        {
            if (Thread.CurrentThread != _thread)
                return;
            switch (operation)
            {
                case SeamOperation.Add or SeamOperation.CompareExchange or SeamOperation.Or or SeamOperation.And or SeamOperation.Exchange:
                    Atomic++;
                    break;
                case SeamOperation.Count:
                    Statistics++;
                    break;
                case SeamOperation.LatchEnter or SeamOperation.ProcessWideBarrier:
                    throw new InvalidOperationException($"{operation} on a hot path.");
            }
        }
    }
}
