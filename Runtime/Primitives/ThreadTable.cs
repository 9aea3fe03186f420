using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// Where a thread finds its stacks, by a number of their set. In unmanaged memory behind a thread-local that is no reference, since the runtime finds those sooner.
/// <code>
///   thread-local: length, table ─► [ unused | entry 1 | entry 2 | … ]     entry ─► ThreadStackBlock, or 0
/// </code>
/// Reader: the thread. Writers: the thread; and of an entry that nobody reads any more, because the set is gone or the thread has ended, whoever finds that.
/// Invariant: an entry leads to a stack of the set that has its number, or nowhere (L8). A number goes to another set only when no table has an entry there.   [ThreadStackSetTests]
/// </summary>
internal sealed unsafe class ThreadTable
{
    /// <summary>No table has a stack there.</summary>
    public const nint NoEntry = int.MaxValue;

    private const int FewestEntries = 16;

    private readonly Lock _lock = new();

    // Under the lock.
    private nint* _entries;
    private WeakReference<ThreadStackSet>?[] _sets = [];

    /// <summary>The calling thread's stack in a set that has this entry; none: it has none yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ThreadStack Find(nint entry)
    {
        // SAFETY: the table is freed once its thread has ended, and a block before that only with its set, which the caller keeps alive.
        return entry < Local.Length ? new ThreadStack((ThreadStackBlock*)((nint*)Local.Entries)[entry]) : default;
    }

    /// <summary>Makes room for an entry. Called on the thread whose table this is, as is <see cref="Enter"/>.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory left.</exception>
    public void MakeRoom(nint entry)
    {
        lock (_lock)
        {
            if (entry >= _sets.Length)
                GrowUnsynchronized(Math.Max((int)entry + 1, Math.Max(FewestEntries, 2 * _sets.Length)));
        }
    }

    /// <summary>Enters a stack.</summary>
    public void Enter(nint entry, ThreadStack stack, WeakReference<ThreadStackSet> set)
    {
        lock (_lock)
        {
            _entries[entry] = stack.Address;
            _sets[entry] = set;
        }
    }

    /// <summary>Forgets a stack that its thread will not use again: the set is gone, or the thread.</summary>
    public void Forget(nint entry)
    {
        lock (_lock)
        {
            if (entry >= _sets.Length)
                return;
            _entries[entry] = 0;
            _sets[entry] = null;
        }
    }

    /// <summary>Frees the table of a thread that has ended, or will not look into it again, and returns the sets that have stacks of it.</summary>
    public IReadOnlyList<WeakReference<ThreadStackSet>> End()
    {
        lock (_lock)
        {
            NativeMemory.Free(_entries);
            _entries = null;
            var sets = _sets.OfType<WeakReference<ThreadStackSet>>().ToArray();
            _sets = [];
            return sets;
        }
    }

    private void GrowUnsynchronized(int length)
    {
        var sets = new WeakReference<ThreadStackSet>?[length];
        _sets.CopyTo(sets, 0);
        var entries = (nint*)NativeMemory.AllocZeroed((nuint)length, (nuint)sizeof(nint));
        for (var entry = 1; entry < _sets.Length; entry++)
            entries[entry] = _entries[entry];
        _sets = sets;
        (Local.Entries, Local.Length) = ((nint)entries, length);
        NativeMemory.Free(_entries);
        _entries = entries;
    }

    // A class of its own, without references or an initialiser: its fields then lie in the thread's own block.
    private static class Local
    {
        [ThreadStatic]
        public static nint Entries;

        // 0 where there is no table.
        [ThreadStatic]
        public static nint Length;
    }
}
