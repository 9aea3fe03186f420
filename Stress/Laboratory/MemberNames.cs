using Mono.Cecil;

namespace FolioRuntime.Laboratory;

/// <summary>Names as the sources have them, out of those that the compiler made.</summary>
internal static class MemberNames
{
    /// <summary>"Type.Field"; of an automatic property, its name.</summary>
    public static string Of(FieldReference field) => $"{Of(field.DeclaringType)}.{NameInAngles(field.Name) ?? field.Name}";

    /// <summary>"Type.Method"; a property's name for its accessors, the method's for lambdas and local functions in it, and for a mutant's copy of it.</summary>
    public static string Of(MethodDefinition method)
    {
        var name = NameInAngles(method.Name) ?? method.Name;
        var type = method.DeclaringType;
        for (; type.Name.StartsWith('<') && type.DeclaringType is not null; type = type.DeclaringType)
            name = NameInAngles(type.Name) ?? name;
        if (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal))
            name = name[4..];
        if (name.IndexOf(MutantBed.Suffix, StringComparison.Ordinal) is var end and > 0)
            name = name[..end];
        return $"{Of(type)}.{(name is ".ctor" or ".cctor" ? Of(type) : name)}";
    }

    /// <summary>The type's name without the number of its parameters.</summary>
    public static string Of(TypeReference type) => type.Name.Split('`')[0];

    /// <summary>What stands between the angle brackets at the start; null: nothing, or no such brackets.</summary>
    public static string? NameInAngles(string name)
    {
        var end = name.LastIndexOf('>');
        return name.StartsWith('<') && end > 1 ? name[1..end] : null;
    }
}
