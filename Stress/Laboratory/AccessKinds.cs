using Mono.Cecil;
using Mono.Cecil.Cil;

namespace FolioRuntime.Laboratory;

/// <summary>Which instructions access memory, and whether by what lies on the stack the memory may be shared.</summary>
internal static class AccessKinds
{
    public static bool IsWrite(Instruction instruction) => instruction.OpCode.Code is
        Code.Stfld or Code.Stsfld or Code.Stobj or Code.Initobj or Code.Cpobj or Code.Stelem_Any || IsElementStore(instruction) || IsIndirectStore(instruction);

    public static bool IsElementLoad(Instruction instruction) => instruction.OpCode.Code is Code.Ldelem_Any or
        Code.Ldelem_I1 or Code.Ldelem_U1 or Code.Ldelem_I2 or Code.Ldelem_U2 or Code.Ldelem_I4 or Code.Ldelem_U4 or Code.Ldelem_I8
        or Code.Ldelem_I or Code.Ldelem_R4 or Code.Ldelem_R8 or Code.Ldelem_Ref;

    public static bool IsElementStore(Instruction instruction) => instruction.OpCode.Code is Code.Stelem_Any or
        Code.Stelem_I1 or Code.Stelem_I2 or Code.Stelem_I4 or Code.Stelem_I8 or Code.Stelem_I or Code.Stelem_R4 or Code.Stelem_R8 or Code.Stelem_Ref;

    public static bool IsIndirectStore(Instruction instruction) => instruction.OpCode.Code is Code.Stobj or
        Code.Stind_I1 or Code.Stind_I2 or Code.Stind_I4 or Code.Stind_I8 or Code.Stind_I or Code.Stind_R4 or Code.Stind_R8 or Code.Stind_Ref;

    /// <summary>What the instruction accesses, and the words for it; null: nothing that other threads may access too.</summary>
    public static (TypeReference Type, string What)? Describe(Instruction instruction, StackSimulation stack)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Ldfld or Code.Stfld:
                var field = (FieldReference)instruction.Operand;
                var isShared = stack.Peek(instruction.OpCode.Code == Code.Stfld ? 1 : 0).Kind == SlotKind.Open && !stack.IsPrivate(field);
                return isShared ? (FieldKnowledge.TypeOf(field), MemberNames.Of(field)) : null;
            case Code.Ldsfld or Code.Stsfld:
                var global = (FieldReference)instruction.Operand;
                return stack.IsPrivate(global) ? null : (FieldKnowledge.TypeOf(global), MemberNames.Of(global));
            case Code.Initobj:
                return Through(stack.Peek(0), (TypeReference)instruction.Operand, "");
            case Code.Call when instruction.Operand is MethodReference { HasThis: true, Parameters.Count: 0 } method && FieldKnowledge.IsReadOnlyStructure(method.DeclaringType):
                return Through(stack.Peek(0), method.DeclaringType, "");
            case Code.Cpobj:
                return Through(stack.Peek(1), (TypeReference)instruction.Operand, "");
        }

        if (TypeOf(instruction, stack.Types) is not { } type)
            return null;
        if (IsElementLoad(instruction))
            return Through(stack.Peek(1), type, "[]");
        if (IsElementStore(instruction))
            return Through(stack.Peek(2), type, "[]");
        return Through(stack.Peek(IsIndirectStore(instruction) ? 1 : 0), type, "");
    }

    private static (TypeReference Type, string What)? Through(StackSlot slot, TypeReference type, string suffix)
    {
        if (slot.Kind != SlotKind.Open || FieldKnowledge.IsByRefLike(type))
            return null;
        return (type, (slot.Origin.Length == 0 ? MemberNames.Of(type) : slot.Origin) + suffix);
    }

    private static TypeReference? TypeOf(Instruction instruction, TypeSystem types) => instruction.OpCode.Code switch
    {
        Code.Ldobj or Code.Stobj or Code.Ldelem_Any or Code.Stelem_Any => FieldKnowledge.Known((TypeReference)instruction.Operand),
        Code.Ldind_I1 or Code.Stind_I1 or Code.Ldelem_I1 or Code.Stelem_I1 => types.SByte,
        Code.Ldind_U1 or Code.Ldelem_U1 => types.Byte,
        Code.Ldind_I2 or Code.Stind_I2 or Code.Ldelem_I2 or Code.Stelem_I2 => types.Int16,
        Code.Ldind_U2 or Code.Ldelem_U2 => types.UInt16,
        Code.Ldind_I4 or Code.Stind_I4 or Code.Ldelem_I4 or Code.Stelem_I4 => types.Int32,
        Code.Ldind_U4 or Code.Ldelem_U4 => types.UInt32,
        Code.Ldind_I8 or Code.Stind_I8 or Code.Ldelem_I8 or Code.Stelem_I8 => types.Int64,
        Code.Ldind_I or Code.Stind_I or Code.Ldelem_I or Code.Stelem_I => types.IntPtr,
        Code.Ldind_R4 or Code.Stind_R4 or Code.Ldelem_R4 or Code.Stelem_R4 => types.Single,
        Code.Ldind_R8 or Code.Stind_R8 or Code.Ldelem_R8 or Code.Stelem_R8 => types.Double,
        Code.Ldind_Ref or Code.Stind_Ref or Code.Ldelem_Ref or Code.Stelem_Ref => types.Object,
        _ => null,
    };
}
