namespace FolioRuntime.Tests.Laboratory;

/// <summary>Source of a program that uses the instrumented build in every way that it can be used, and has what it is told of counted.</summary>
internal static class RuntimeWork
{
    public const string Text = """
        using FolioRuntime;
        using FolioRuntime.Folios;
        using FolioRuntime.Primitives;
        using FolioRuntime.Slabs;
        using Microsoft.Extensions.ObjectPool;

        namespace Work;

        internal sealed class Counter : SeamObserver
        {
            public List<string> Events { get; } = [];

            public int Plain { get; private set; }

            public int Content { get; private set; }

            public bool Lists { get; init; }

            public override void PlainRead(nint address, int sizeBytes, string what) => Add("read", address, sizeBytes, what);

            public override void PlainWrite(nint address, int sizeBytes, string what) => Add("write", address, sizeBytes, what);

            public override void ContentRead(nint sourceAddress, int sizeBytes) => Content += sizeBytes;

            private void Add(string kind, nint address, int sizeBytes, string what)
            {
                if (address == 0 || sizeBytes <= 0)
                    throw new InvalidOperationException(what);
                Plain++;
                if (Lists)
                    Events.Add($"{kind} {what}");
            }
        }

        internal static class Program
        {
            private static int s_calls;

            /// <summary>Times called in this copy, plain accesses, content bytes read, and what came out of the work.</summary>
            public static object[] Run()
            {
                var counter = new Counter();
                SeamObserver.Current = counter;
                var log = new List<string>();
                using (var runtime = new PoolRuntime(new PoolRuntimeOptions { TrimInterval = Timeout.InfiniteTimeSpan }))
                {
                    Slabs(runtime, log);
                    Folios(runtime, log);
                    Pools(runtime, log);
                    runtime.Trim();
                    log.Add(runtime.Snapshot().ToString()!.Length > 0 ? "snapshot" : "");
                }

                SeamObserver.Current = null;
                return [++s_calls, counter.Plain, counter.Content, string.Join('|', log)];
            }

            public static string[] Push() => Listed(stack => stack.TryPush(7));

            public static string[] Pop() => Listed(stack => stack.TryPop(out _));

            public static string[] Count() => Listed(stack => stack.Count == 1);

            private static string[] Listed(Func<ThreadStack, bool> what)
            {
                var set = new ThreadStackSet(4, static _ => { });
                var stack = set.Current;
                stack.TryPush(3);
                var counter = new Counter { Lists = true };
                SeamObserver.Current = counter;
                var done = what(stack);
                SeamObserver.Current = null;
                GC.KeepAlive(set);
                return done ? [.. counter.Events] : [];
            }

            private static void Slabs(PoolRuntime runtime, List<string> log)
            {
                using var cache = runtime.CreateCache<long>("longs", constructor: static (ref long value) => value = 5);
                var handle = cache.Rent();
                log.Add(cache.ValueOf(handle).ToString());
                using (var thread = new Barrier(2))
                {
                    var other = new Thread(() =>
                    {
                        for (var i = 0; i < 300; i++)
                            cache.Return(cache.Rent());
                        thread.SignalAndWait();
                    });
                    other.Start();
                    thread.SignalAndWait();
                    other.Join();
                }

                var many = new SlabHandle<long>[200];
                log.Add(cache.TryRentMany(many).ToString());
                cache.ReturnMany(many);
                log.Add(cache.TryReturn(many[0]).ToString());
                log.Add(cache.TryGet(handle, out var reference).ToString());
                reference.Dispose();
                cache.Return(handle);
                log.Add(cache.TryGet(handle, out _).ToString());
                cache.Trim();
            }

            private static void Folios(PoolRuntime runtime, List<string> log)
            {
                var folio = runtime.Folios.Allocate(new PageOrder(2));
                var handle = folio.Handle;
                using (folio.BeginWrite())
                    folio.Bytes[5] = 77;
                var read = new byte[8];
                log.Add(runtime.Folios.Read(handle, 0, read).ToString() + read[5]);
                if (folio.TryFreeze(out var frozen))
                {
                    var parts = new FolioHandle[4];
                    log.Add(frozen.Split(new PageOrder(0), parts).ToString());
                    foreach (var part in parts)
                        log.Add(runtime.Folios.TryReturn(part).ToString());
                }

                log.Add(runtime.Folios.TryGet(handle, out _).ToString());
                using var owner = runtime.Folios.AllocateOwner(new PageOrder(1));
                owner.Memory.Span.Fill(3);
                log.Add(owner.Memory.Length.ToString());
            }

            private static void Pools(PoolRuntime runtime, List<string> log)
            {
                using var pool = runtime.CreateObjectPool(new DefaultPooledObjectPolicy<System.Text.StringBuilder>());
                var builder = pool.Get();
                pool.Return(builder);
                pool.Return(builder);
                log.Add(ReferenceEquals(pool.Get(), builder).ToString());
                using var memory = runtime.CreateMemoryPool();
                using var block = memory.Rent(100);
                block.Memory.Span[9] = 1;
                log.Add(block.Memory.Length.ToString());
            }
        }
        """;
}
