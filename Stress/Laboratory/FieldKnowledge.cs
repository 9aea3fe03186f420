using Mono.Cecil;

namespace FolioRuntime.Laboratory;

/// <summary>What the weaver needs to know of fields and types.</summary>
internal static class FieldKnowledge
{
    /// <summary>Whether no two threads can race on the field: nobody writes it once its object is made, or only one thread ever has it.</summary>
    public static bool IsQuiet(FieldReference reference)
    {
        if (reference.Resolve() is not { } field)
            return false;

        // Of a structure's fields it doesn't matter that they are read-only: who replaces the structure writes them all.
        return ((field.IsInitOnly || IsCapturedParameter(field)) && (field.IsStatic || !field.DeclaringType.IsValueType))
            || field.IsLiteral
            || field.DeclaringType.Name.StartsWith('<')
            || IsByRefLike(field.DeclaringType)
            || field.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "ThreadStaticAttribute");
    }

    public static bool IsByRefLike(TypeReference type) => IsStructureMarked(type, "IsByRefLikeAttribute");

    public static bool IsReadOnlyStructure(TypeReference type) => IsStructureMarked(type, "IsReadOnlyAttribute");

    /// <summary>The type of the field where it is used: with the arguments that its own type has there.</summary>
    public static TypeReference TypeOf(FieldReference field) => Inflate(field.FieldType, field.DeclaringType as GenericInstanceType, null);

    /// <summary>What the call returns.</summary>
    public static TypeReference ReturnTypeOf(MethodReference method) =>
        Inflate(method.ReturnType, method.DeclaringType as GenericInstanceType, method as GenericInstanceMethod);

    /// <summary>A type token that says whether it is a value: one that came from an instruction alone may not know.</summary>
    public static TypeReference Known(TypeReference type)
    {
        if (type.GetType() == typeof(TypeReference) && !type.IsPrimitive && !type.IsValueType)
            type.IsValueType = type.Resolve()?.IsValueType ?? false;
        return type;
    }

    /// <summary>Primary constructors' parameters that methods use: fields that only the constructor writes, though the compiler doesn't mark them so.</summary>
    private static bool IsCapturedParameter(FieldDefinition field) => field.Name.EndsWith(">P", StringComparison.Ordinal);

    private static bool IsStructureMarked(TypeReference type, string attributeName)
    {
        if (type.IsGenericParameter || type is TypeSpecification and not GenericInstanceType || type.IsPrimitive)
            return false;
        return type.Resolve() is { IsValueType: true } definition && definition.CustomAttributes.Any(attribute => attribute.AttributeType.Name == attributeName);
    }

    private static TypeReference Inflate(TypeReference type, GenericInstanceType? owner, GenericInstanceMethod? method)
    {
        switch (type)
        {
            case GenericParameter parameter:
                if (parameter.Type == GenericParameterType.Type)
                    return owner?.GenericArguments[parameter.Position] ?? type;
                return method?.GenericArguments[parameter.Position] ?? type;
            case ArrayType { IsVector: true } array:
                return new ArrayType(Inflate(array.ElementType, owner, method));
            case ByReferenceType reference:
                return new ByReferenceType(Inflate(reference.ElementType, owner, method));
            case PointerType pointer:
                return new PointerType(Inflate(pointer.ElementType, owner, method));
            case IModifierType modified:
                return Inflate(modified.ElementType, owner, method);
            case GenericInstanceType instance:
                var inflated = new GenericInstanceType(instance.ElementType);
                foreach (var argument in instance.GenericArguments)
                    inflated.GenericArguments.Add(Inflate(argument, owner, method));
                return inflated;
            default:
                return type;
        }
    }
}
