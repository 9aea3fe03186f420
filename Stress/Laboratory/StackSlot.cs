using Mono.Cecil;

namespace FolioRuntime.Laboratory;

/// <summary>What is known of one value on the evaluation stack.</summary>
/// <param name="Kind">What an access by way of it means.</param>
/// <param name="Origin">Where it came from, in the sources' words.</param>
internal readonly record struct StackSlot(SlotKind Kind, string Origin)
{
    public static StackSlot Unknown => new(SlotKind.Open, "");

    /// <summary>A value of a type.</summary>
    public static StackSlot Of(TypeReference type, string origin)
    {
        while (type is IModifierType modified)
            type = modified.ElementType;
        var isStructure = type is not TypeSpecification and not GenericParameter || type is GenericInstanceType;
        return new StackSlot(isStructure && type.IsValueType && !type.IsPrimitive ? SlotKind.Structure : SlotKind.Open, origin);
    }
}
