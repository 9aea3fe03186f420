using Mono.Cecil;

namespace FolioRuntime.Laboratory;

/// <summary>
/// Rewrites an instrumented build so that its plain accesses to memory that threads may share are announced, each just before it is made:
/// fields of objects and statics, elements of arrays and spans, and whatever else a reference or pointer leads to.
/// <code>
///   … object                 ldfld F        →   dup, ldflda F, sizeof, "Type.F in Type.Method", call PlainAccess.Read, ldfld F
///   … object, value          stfld F        →   the value set aside; dup, ldflda F, …, call PlainAccess.Write; the value back; stfld F
/// </code>
/// Not announced, because no two threads share it or nobody writes it: locals, <c>out</c> parameters and fields of ref structs; read-only,
/// thread-static and compiler-generated fields and captured constructor parameters. Not seen: what the framework's own code does for the
/// runtime (a list's fields, copies and clears of spans). Passed over: what <c>GlanceAttribute</c> marks.
/// </summary>
public static class PlainAccessWeaver
{
    // The seam itself, and what is only counted.
    private static readonly string[] s_untouched = ["Atomics", "ContentCopy", "ShortContent", "Latch", "SeamObserver", "SeamOperation", "PlainAccess", "StripedCounter"];

    /// <summary>The woven assembly's bytes.</summary>
    /// <param name="assembly">An assembly that has FolioRuntime.Primitives.PlainAccess.</param>
    public static byte[] Weave(byte[] assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        using var module = ModuleDefinition.ReadModule(new MemoryStream(assembly), new ReaderParameters { AssemblyResolver = resolver });
        var hooks = new PlainAccessHooks(module);
        var marks = new GlanceMarks(module);
        foreach (var type in module.GetTypes().Where(IsWoven))
        {
            foreach (var method in type.Methods.Where(method => method.HasBody))
                MethodWeaver.Weave(method, hooks, marks);
        }

        var woven = new MemoryStream();
        module.Write(woven);
        return woven.ToArray();
    }

    private static bool IsWoven(TypeDefinition type)
    {
        var outermost = type;
        while (outermost.DeclaringType is { } outer)
            outermost = outer;
        return !s_untouched.Contains(outermost.Name) && !outermost.Name.EndsWith("Exception", StringComparison.Ordinal);
    }
}
