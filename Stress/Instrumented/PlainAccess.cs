namespace FolioRuntime.Primitives;

/// <summary>
/// Where the laboratory's weaver has plain accesses announced: it puts a call to one of these before each.
/// Nothing in the sources calls them.
/// </summary>
internal static class PlainAccess
{
    public static void Read(nint address, int sizeBytes, string what) => SeamObserver.Current?.PlainRead(address, sizeBytes, what);

    public static void Write(nint address, int sizeBytes, string what) => SeamObserver.Current?.PlainWrite(address, sizeBytes, what);
}
