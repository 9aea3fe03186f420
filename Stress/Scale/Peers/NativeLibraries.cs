using System.Runtime.InteropServices;

namespace FolioRuntime.Scale.Peers;

/// <summary>Finds allocators that are installed as libraries. None is needed.</summary>
internal static class NativeLibraries
{
    /// <summary>malloc and free of the first of some libraries that is there; null if none is.</summary>
    public static NativeLibraryPeer? Find(string[] files, string allocate, string free)
    {
        foreach (var file in files)
        {
            if (NativeLibrary.TryLoad(file, out var library)
                && NativeLibrary.TryGetExport(library, allocate, out var allocateAt)
                && NativeLibrary.TryGetExport(library, free, out var freeAt))
            {
                return new NativeLibraryPeer(allocateAt, freeAt);
            }
        }

        return null;
    }
}
