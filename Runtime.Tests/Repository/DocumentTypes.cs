extern alias instrumented;

using System.Reflection;

namespace FolioRuntime.Tests.Repository;

/// <summary>The names that a document may speak of: types and members of this repository's assemblies and of others' that they build on or are set beside.</summary>
internal static class DocumentTypes
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy;

    private static readonly Assembly[] s_own =
    [
        typeof(PoolRuntime).Assembly,
        typeof(DocumentTypes).Assembly,
        typeof(instrumented::FolioRuntime.Primitives.SeamObserver).Assembly,
        typeof(FolioRuntime.Race.RaceCommand).Assembly,
        typeof(FolioRuntime.Harness.StressProgram).Assembly,
        typeof(FolioRuntime.Serve.ServeCommand).Assembly,
    ];

    private static readonly Assembly[] s_framework =
    [
        typeof(object).Assembly,
        typeof(System.IO.Pipelines.Pipe).Assembly,
        typeof(System.Buffers.MemoryPool<byte>).Assembly,
        typeof(Microsoft.Extensions.ObjectPool.ObjectPool<>).Assembly,
        typeof(Microsoft.Extensions.Options.OptionsValidationException).Assembly,
        typeof(Microsoft.IO.RecyclableMemoryStream).Assembly,
    ];

    private static readonly ILookup<string, Type> s_types = s_own.SelectMany(assembly => assembly.GetTypes())
        .Concat(s_framework.SelectMany(assembly => assembly.GetExportedTypes()))
        .ToLookup(type => WithoutArity(type.Name));

    private static readonly HashSet<string> s_ownMembers = [.. s_own.SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetMembers(Any))
        .Select(member => WithoutArity(member.Name))];

    public static bool IsType(string name) => s_types.Contains(name);

    public static bool IsTypeOrMember(string name) => IsType(name) || s_ownMembers.Contains(name);

    /// <summary>Whether a type of this name has such a member; with <paramref name="isPrefix"/> one that begins so.</summary>
    public static bool HasMember(string type, string member, bool isPrefix = false) =>
        s_types[type].Any(candidate => candidate.GetMembers(Any).Any(found =>
            isPrefix ? found.Name.StartsWith(member, StringComparison.Ordinal) : WithoutArity(found.Name) == member));

    private static string WithoutArity(string name) => name.Split('`')[0];
}
