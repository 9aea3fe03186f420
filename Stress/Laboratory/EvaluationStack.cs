using Mono.Cecil;
using Mono.Cecil.Cil;

namespace FolioRuntime.Laboratory;

/// <summary>How many values instructions take off the evaluation stack and put onto it.</summary>
internal static class EvaluationStack
{
    public static int PopCount(Instruction instruction, MethodDefinition? method, int depth)
    {
        switch (instruction.OpCode.StackBehaviourPop)
        {
            case StackBehaviour.Pop0:
                return 0;
            case StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref:
                return 1;
            case StackBehaviour.PopAll:
                return depth;
            case StackBehaviour.Varpop:
                return instruction.Operand switch
                {
                    MethodReference called => called.Parameters.Count + (called.HasThis && instruction.OpCode.Code != Code.Newobj ? 1 : 0),
                    CallSite site => site.Parameters.Count + (site.HasThis ? 1 : 0) + 1,

                    // As FieldKnowledge has it, without the mark that an init accessor's return type carries.
                    _ => method is null || FieldKnowledge.ReturnTypeOf(method).MetadataType == MetadataType.Void ? 0 : 1,
                };
            case StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8 or StackBehaviour.Popref_popi_popr4
                or StackBehaviour.Popref_popi_popr8 or StackBehaviour.Popref_popi_popref:
                return 3;
            default:
                return instruction.OpCode.Code == Code.Stelem_Any ? 3 : 2;
        }
    }

    public static int PushCount(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        StackBehaviour.Varpush => instruction.Operand is CallSite site && site.ReturnType.MetadataType != MetadataType.Void ? 1 : 0,
        _ => 1,
    };

    /// <summary>Whether what it puts there is its operand, looked at otherwise or moved along.</summary>
    public static bool KeepsOperand(Instruction instruction) => instruction.OpCode.Code is
        Code.Conv_I or Code.Conv_U or Code.Conv_I8 or Code.Conv_U8 or Code.Castclass or Code.Isinst
        or Code.Add or Code.Add_Ovf or Code.Add_Ovf_Un or Code.Sub or Code.Sub_Ovf or Code.Sub_Ovf_Un;
}
