namespace FolioRuntime.Tests.Pages;

/// <summary>A call of a history: a block of an order is asked for, or one is freed; trims are calls without a frame.</summary>
internal readonly record struct PageCall(PageCallKind Kind, int Order, uint Frame)
{
    public override string ToString() => Kind switch
    {
        PageCallKind.Allocate => $"allocate order {Order}",
        PageCallKind.Free => $"free {Frame} of order {Order}",
        _ => "trim",
    };
}
