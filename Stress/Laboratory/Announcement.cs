using Mono.Cecil;
using Mono.Cecil.Cil;

namespace FolioRuntime.Laboratory;

/// <summary>The instructions that announce one access: they leave the stack as it was.</summary>
internal sealed class Announcement(MethodBody body, PlainAccessHooks hooks, PlainAccessSite site)
{
    private readonly List<Instruction> _added = [];

    public void Insert()
    {
        var access = site.Instruction;
        switch (access.OpCode.Code)
        {
            case Code.Ldfld:
                Announce(hooks.Read, OpCodes.Dup, Instruction.Create(OpCodes.Ldflda, (FieldReference)access.Operand));
                break;
            case Code.Stfld:
                SettingAside(site.Type, () => Announce(hooks.Write, OpCodes.Dup, Instruction.Create(OpCodes.Ldflda, (FieldReference)access.Operand)));
                break;
            case Code.Ldsfld or Code.Stsfld:
                Announce(access.OpCode.Code == Code.Stsfld ? hooks.Write : hooks.Read, null, Instruction.Create(OpCodes.Ldsflda, (FieldReference)access.Operand));
                break;
            case Code.Initobj:
                Announce(hooks.Write, OpCodes.Dup, null);
                break;
            case Code.Cpobj:
                Announce(hooks.Read, OpCodes.Dup, null);
                SettingAside(new ByReferenceType(site.Type), () => Announce(hooks.Write, OpCodes.Dup, null));
                break;
            default:
                if (AccessKinds.IsElementLoad(access))
                    AnnounceElement(hooks.Read);
                else if (AccessKinds.IsElementStore(access))
                    SettingAside(site.Type, () => AnnounceElement(hooks.Write));
                else if (AccessKinds.IsIndirectStore(access))
                    SettingAside(site.Type, () => Announce(hooks.Write, OpCodes.Dup, null));
                else
                    Announce(hooks.Read, OpCodes.Dup, null);
                break;
        }

        Place();
    }

    // … array, index → the same. As a native integer the index means what it meant: a negative one is out of range still.
    private void AnnounceElement(MethodReference announce) => SettingAside(body.Method.Module.TypeSystem.IntPtr, index =>
    {
        _added.Add(Instruction.Create(OpCodes.Dup));
        _added.Add(Instruction.Create(OpCodes.Ldloc, index));
        _added.Add(Instruction.Create(OpCodes.Readonly));
        Announce(announce, null, Instruction.Create(OpCodes.Ldelema, site.Type));
    });

    /// <summary>The address, by duplicating what is on top and going on from it, and the call.</summary>
    private void Announce(MethodReference announce, OpCode? before, Instruction? address)
    {
        if (before is { } code)
            _added.Add(Instruction.Create(code));
        if (address is not null)
            _added.Add(address);
        _added.Add(Instruction.Create(OpCodes.Conv_U));
        _added.Add(HasSize(site.Type) ? Instruction.Create(OpCodes.Sizeof, site.Type) : Instruction.Create(OpCodes.Ldc_I4, sizeof(ulong)));
        _added.Add(Instruction.Create(OpCodes.Ldstr, site.What));
        _added.Add(Instruction.Create(OpCodes.Call, announce));
    }

    private void SettingAside(TypeReference type, Action inside) => SettingAside(type, _ => inside());

    private void SettingAside(TypeReference type, Action<VariableDefinition> inside)
    {
        var variable = new VariableDefinition(type);
        body.Variables.Add(variable);
        _added.Add(Instruction.Create(OpCodes.Stloc, variable));
        inside(variable);
        _added.Add(Instruction.Create(OpCodes.Ldloc, variable));
    }

    private static bool HasSize(TypeReference type) => !type.IsByReference && !type.IsPointer && !type.IsFunctionPointer;

    /// <summary>The first instruction of the access becomes the first of the announcement, and its old self is put behind the last.</summary>
    private void Place()
    {
        var instructions = body.Instructions;
        var at = instructions.IndexOf(site.First);
        var moved = Instruction.Create(OpCodes.Nop);
        (moved.OpCode, moved.Operand) = (site.First.OpCode, site.First.Operand);
        (site.First.OpCode, site.First.Operand) = (_added[0].OpCode, _added[0].Operand);
        for (var i = 1; i < _added.Count; i++)
            instructions.Insert(at + i, _added[i]);
        instructions.Insert(at + _added.Count, moved);
    }
}
