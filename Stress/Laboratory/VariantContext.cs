using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;

namespace FolioRuntime.Laboratory;

/// <summary>
/// A variant of the instrumented build, loaded beside all others with an assembly that uses it: both have statics of their own. Everything
/// else is the default context's, and only the framework's own types may cross. Several may run at a time.
/// </summary>
public sealed class VariantContext : AssemblyLoadContext
{
    private readonly Assembly _runtime;

    /// <param name="runtime">The variant's bytes.</param>
    /// <param name="userPath">The file of the assembly that uses it.</param>
    /// <param name="mutant">The number of the mutant in it that is to be awake; 0: none.</param>
    public VariantContext(byte[] runtime, string userPath, int mutant = 0)
        : base(mutant.ToString(CultureInfo.InvariantCulture), isCollectible: true)
    {
        _runtime = LoadFromStream(new MemoryStream(runtime));
        User = LoadFromAssemblyPath(Path.GetFullPath(userPath));
    }

    /// <summary>The private copy of the assembly that uses the variant.</summary>
    public Assembly User { get; }

    /// <summary>Calls a static method, of any visibility, of a type of <see cref="User"/>. Its exceptions come through as they are.</summary>
    /// <exception cref="MissingMethodException">There is no such method, or there are several.</exception>
    public object? Invoke(string typeName, string methodName, params object?[] args)
    {
        var methods = User.GetType(typeName, throwOnError: true)!
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(method => method.Name == methodName)
            .ToArray();
        return methods.Length == 1
            ? methods[0].Invoke(null, BindingFlags.DoNotWrapExceptions, null, args, null)
            : throw new MissingMethodException($"{typeName} has {methods.Length} static methods named {methodName}.");
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == _runtime.GetName().Name ? _runtime
        : assemblyName.Name == User?.GetName().Name ? User
        : null;
}
