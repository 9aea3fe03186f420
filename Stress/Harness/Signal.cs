using System.Runtime.InteropServices;

namespace FolioRuntime.Harness;

/// <summary>
/// Lets one waiter go, now or when it comes. On Linux waiting blocks at once, in a futex: threads that share a processor must not spin, since that keeps it
/// from the one that is to give the signal. Elsewhere it is an event of the system.
/// </summary>
public sealed partial class Signal : IDisposable
{
    private const int FutexWaitPrivate = 0x80;
    private const int FutexWakePrivate = 0x81;

    // SYS_futex; 0: not known here.
    private static readonly nint s_futex = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 98,
        _ => 0,
    };

    private readonly AutoResetEvent? _elsewhere = s_futex == 0 ? new AutoResetEvent(initialState: false) : null;
    private readonly int[] _given = GC.AllocateArray<int>(1, pinned: true);

    /// <summary>Lets the waiter go, or the next one if there is none. Giving what is already given does nothing.</summary>
    public void Give()
    {
        if (_elsewhere is not null)
        {
            _elsewhere.Set();
            return;
        }

        Volatile.Write(ref _given[0], 1);
        _ = FutexWake(s_futex, ref _given[0], FutexWakePrivate, waiters: 1);
    }

    /// <summary>Waits until it is given. One waiter at a time.</summary>
    public void Wait()
    {
        if (_elsewhere is not null)
        {
            _elsewhere.WaitOne();
            return;
        }

        while (Interlocked.Exchange(ref _given[0], 0) == 0)
            _ = FutexWait(s_futex, ref _given[0], FutexWaitPrivate, expected: 0, timeout: 0);
    }

    /// <inheritdoc />
    public void Dispose() => _elsewhere?.Dispose();

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint FutexWait(nint number, ref int word, nint operation, nint expected, nint timeout);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial nint FutexWake(nint number, ref int word, nint operation, nint waiters);
}
