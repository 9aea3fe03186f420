namespace FolioRuntime.Tests.Pages;

internal enum PageCallKind
{
    Allocate,
    Free,
    Trim,
}
