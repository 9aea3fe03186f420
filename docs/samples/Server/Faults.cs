using System.Runtime.CompilerServices;
using System.Text;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace Sample;

/// <summary>Mistakes of the kind that servers have, for <see cref="SelfCheck"/> to see found. Not inlined: the reports name these methods.</summary>
internal static class Faults
{
    /// <summary>Two places that both believe that they have to close a session.</summary>
    public static void ReturnTwice(SlabCache<Session> sessions)
    {
        var handle = sessions.Rent();
        CloseWhenAnswered(sessions, handle);
        CloseOnTimeout(sessions, handle);
    }

    /// <summary>The same with an object of a pool.</summary>
    public static void ReturnTwice(ObjectPool<StringBuilder> texts)
    {
        var text = texts.Get();
        texts.Return(text);
        texts.Return(text);
    }

    /// <summary>A session whose handle nobody keeps, and an object of a pool that nobody has any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Forget(SlabCache<Session> sessions, ObjectPool<StringBuilder> texts)
    {
        sessions.Rent();
        texts.Get().Append("forgotten");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CloseWhenAnswered(SlabCache<Session> sessions, SlabHandle<Session> handle) => sessions.TryReturn(handle);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CloseOnTimeout(SlabCache<Session> sessions, SlabHandle<Session> handle) => sessions.TryReturn(handle);
}
