using FolioRuntime.Race.Protocols;

namespace FolioRuntime.Race.Workloads;

/// <summary>One thing the oracle caught, on the thread that did it.</summary>
/// <param name="Kind">What.</param>
/// <param name="DestructorType">The type whose destructor ran; -1 where none did.</param>
/// <param name="ContentType">The type of the object that was there; -1: destroyed.</param>
/// <param name="Id">The object that was there.</param>
/// <param name="Detail">What a complaint says.</param>
internal sealed record Fault(FaultKind Kind, int DestructorType, int ContentType, long Id, string Detail = "")
{
    public override string ToString() => Kind switch
    {
        FaultKind.Complaint => Detail,
        FaultKind.WrongDestructor => $"destructor {ProtocolCatalog.TypeName(DestructorType)} ran on an object of type {ProtocolCatalog.TypeName(ContentType)}",
        _ => $"{Kind}, object {Id:x}",
    };
}
