using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.PageCaching.Stores;

/// <summary>
/// Pages of a file, past the system's own cache: a page is in memory once, in the page cache, and what is read comes from the disk. Offsets, lengths and memory are multiples of 4096 bytes.
/// Linux only, and there only on file systems that can (ext4, xfs, btrfs and others); nothing is done in another way instead. Thread-safe. Linux: <c>O_DIRECT</c>.
/// <para>
/// A write beyond the end makes the file as long as the last block written; <see cref="IPageStore.SetLength"/> cuts it off after that. That a write has ended doesn't mean that it is durable: disks have
/// caches too, and <see cref="IPageStore.Flush"/> is still needed.
/// </para>
/// </summary>
public sealed class DirectFilePageStore : FilePageStore
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="mode">What to do if it is there, or isn't. Not <see cref="FileMode.Append"/>.</param>
    /// <param name="access">What is to be done with it.</param>
    /// <exception cref="IOException">It can't be opened, or its file system has no direct access: take a <see cref="FilePageStore"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    /// <exception cref="PlatformNotSupportedException">The system isn't Linux.</exception>
    public DirectFilePageStore(string path, FileMode mode = FileMode.OpenOrCreate, FileAccess access = FileAccess.ReadWrite)
        : base(Open(path, mode, access), path)
    {
    }

    /// <inheritdoc />
    public override int AlignmentBytes => PageOrder.FrameBytes;

    private static SafeFileHandle Open(string path, FileMode mode, FileAccess access)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Direct access to files is there on Linux only. A FilePageStore works everywhere.");
        var file = File.OpenHandle(path, mode, access, FileShare.ReadWrite);
        if (LinuxCalls.TryBypassCache(file, out var error))
            return file;
        file.Dispose();
        throw new IOException($"The file system of '{path}' has no direct access (fcntl says {error}). A FilePageStore works there.");
    }
}
