using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Touches memory that it must not touch, in a process of its own, and says so before and after. Where the memory is guarded there is no after.</summary>
internal static unsafe class WildTouch
{
    public const string Before = "about to touch";
    public const string After = "survived";

    private const int Size = 4096;

    public static void Run(WildTouchKind kind, int guardSampleInterval)
    {
        var fatal = kind == WildTouchKind.DamageThatIsFatal;
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 16 << 20, CorruptionIsFatal = fatal });
        runtime.ViolationDetected += violation => Console.WriteLine($"heard {violation.Kind}");
        var cache = runtime.CreateByteCache(
            "guarded", Size, new SlabCacheOptions { GuardSampleInterval = guardSampleInterval, Debug = fatal ? SlabDebugOptions.All : SlabDebugOptions.None });
        SlabHandle[] handles = [cache.Rent(), cache.Rent(), cache.Rent()];
        var start = (byte*)cache.AddressOf(handles[1].Index);
        if (kind is WildTouchKind.WriteAfterReturn or WildTouchKind.ReadAfterReturn)
            cache.Return(handles[1]);
        Console.WriteLine(Before);
        Touch(kind, start);
        if (fatal)
            cache.Return(handles[1]);
        Console.WriteLine($"{After}, {runtime.ViolationCount(ViolationKind.Corruption)} found");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch(WildTouchKind kind, byte* start)
    {
        switch (kind)
        {
            case WildTouchKind.WritePastTheEnd or WildTouchKind.DamageThatIsFatal:
                start[Size] = 1;
                break;
            case WildTouchKind.WriteBeforeThePages:
                start[-1] = 1;
                break;
            case WildTouchKind.WriteAfterReturn:
                start[Size / 2] = 1;
                break;
            default:
                Console.WriteLine(start[0]);
                break;
        }
    }
}
