using Mono.Cecil;

namespace FolioRuntime.Laboratory;

/// <summary>What the weaver puts calls to: the methods of PlainAccess in the assembly being woven.</summary>
internal sealed class PlainAccessHooks
{
    private const string HolderName = "FolioRuntime.Primitives.PlainAccess";

    private readonly TypeDefinition _holder;

    public PlainAccessHooks(ModuleDefinition module)
    {
        _holder = module.GetType(HolderName) ?? throw new InvalidOperationException($"{module.Name} has no {HolderName}: it is not an instrumented build.");
        Read = _holder.Methods.Single(method => method.Name == "Read");
        Write = _holder.Methods.Single(method => method.Name == "Write");
    }

    public MethodReference Read { get; }

    public MethodReference Write { get; }
}
