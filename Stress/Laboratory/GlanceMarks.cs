using Mono.Cecil;

namespace FolioRuntime.Laboratory;

/// <summary>
/// What is marked as a glance: methods, also by way of their property, with the lambdas and local functions in them; and fields. Lambdas are
/// known by the name of the method that they are in, so a mark on one overload covers the lambdas of all.
/// </summary>
internal sealed class GlanceMarks
{
    private const string AttributeName = "GlanceAttribute";

    private readonly HashSet<MethodDefinition> _methods = [];
    private readonly HashSet<(TypeDefinition Type, string Method)> _names = [];
    private readonly HashSet<FieldDefinition> _fields = [];

    public GlanceMarks(ModuleDefinition module)
    {
        foreach (var type in module.GetTypes())
        {
            foreach (var method in type.Methods.Where(IsMarked))
                Add(type, method);
            foreach (var property in type.Properties.Where(IsMarked))
            {
                Add(type, property.GetMethod);
                Add(type, property.SetMethod);
            }

            _fields.UnionWith(type.Fields.Where(IsMarked));
        }
    }

    public bool Cover(FieldDefinition? field) => field is not null && _fields.Contains(field);

    /// <summary>Whether reads in the method are glances.</summary>
    public bool Cover(MethodDefinition method)
    {
        if (_methods.Contains(method))
            return true;

        // <Name>b__0 in a closure class, <Name>g__Local|0, or MoveNext in <Name>d__0.
        var names = new List<string?> { MemberNames.NameInAngles(method.Name) };
        var type = method.DeclaringType;
        for (; type.Name.StartsWith('<') && type.DeclaringType is not null; type = type.DeclaringType)
            names.Add(MemberNames.NameInAngles(type.Name));
        return names.Any(name => name is not null && _names.Contains((type, name)));
    }

    private void Add(TypeDefinition type, MethodDefinition? method)
    {
        if (method is null)
            return;
        _methods.Add(method);
        _names.Add((type, method.Name));
    }

    private static bool IsMarked(ICustomAttributeProvider member) =>
        member.HasCustomAttributes && member.CustomAttributes.Any(attribute => attribute.AttributeType.Name == AttributeName);
}
