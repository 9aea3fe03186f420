using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Protocols;

/// <summary>The protocols under the one workload, controls first.</summary>
internal static class ProtocolCatalog
{
    /// <summary>How many types share the slots.</summary>
    public const int Types = 3;

    public static IReadOnlyList<ProtocolEntry> All { get; } =
    [
        new("kernel-v4", ProtocolRole.Control, "untagged counter of the Linux series, destructor chosen by the putter",
            (slots, witness) => new ControlProtocol<KernelV4Word>(slots, witness)),
        new("sticky", ProtocolRole.Control, "sticky counter (PLDI 2022) with slots used again, destructor chosen by the putter",
            (slots, witness) => new ControlProtocol<StickyWord>(slots, witness)),
        new("runtime", ProtocolRole.Subject, "the shipping code: generation in the CAS, destructor by the winner from the object's header",
            (slots, witness) => new RuntimeProtocol(slots, witness)),
    ];

    public static ProtocolEntry Subject => All.Single(entry => entry.Role == ProtocolRole.Subject);

    public static ProtocolEntry Find(string name) => All.Single(entry => entry.Name == name);

    /// <summary>How a type is named in everything printed: X, Y, Z.</summary>
    public static string TypeName(int type) => type is >= 0 and < Types ? ((char)('X' + type)).ToString() : "?";
}
