using Mono.Cecil;
using Mono.Cecil.Cil;

namespace FolioRuntime.Laboratory;

/// <summary>
/// Follows the evaluation stack through a method, instruction after instruction, as far as the weaver must know it: whether what lies there is a
/// structure, a private address or anything else, and where it came from. Where branches meet, what they brought is joined.
/// The body's macros are simplified.
/// </summary>
internal sealed class StackSimulation
{
    private const string Local = "a local";

    private readonly MethodBody _body;
    private readonly GlanceMarks _marks;
    private readonly Dictionary<Instruction, StackSlot[]> _brought = [];
    private readonly Dictionary<VariableDefinition, StackSlot> _assignedOnce = [];
    private readonly HashSet<VariableDefinition> _assignedTwice = [];
    private readonly Stack<StackSlot> _stack = new();
    private bool _isReachedFromAbove = true;

    public StackSimulation(MethodBody body, GlanceMarks marks)
    {
        _body = body;
        _marks = marks;
        foreach (var handler in body.ExceptionHandlers)
        {
            var caught = handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter ? new[] { StackSlot.Unknown } : [];
            _brought[handler.HandlerStart] = caught;
            if (handler.FilterStart is not null)
                _brought[handler.FilterStart] = caught;
        }

        foreach (var stores in body.Instructions.Where(instruction => instruction.OpCode.Code == Code.Stloc).GroupBy(instruction => (VariableDefinition)instruction.Operand))
        {
            if (stores.Skip(1).Any())
                _assignedTwice.Add(stores.Key);
        }
    }

    public TypeSystem Types => _body.Method.Module.TypeSystem;

    /// <summary>What lies this deep, 0 being the top.</summary>
    public StackSlot Peek(int depth) => _stack.ElementAt(depth);

    /// <summary>To be called with each instruction, in order, before its operands are looked at.</summary>
    public void Arrive(Instruction instruction)
    {
        if (!_brought.TryGetValue(instruction, out var brought))
        {
            if (!_isReachedFromAbove)
                _stack.Clear();
        }
        else
        {
            Replace(_isReachedFromAbove ? Join([.. _stack.Reverse()], brought) : brought);
        }

        _isReachedFromAbove = true;
    }

    /// <summary>Carries the instruction out.</summary>
    public void Carry(Instruction instruction)
    {
        Push(instruction);
        switch (instruction.Operand)
        {
            case Instruction target:
                Bring(target);
                break;
            case Instruction[] targets:
                Array.ForEach(targets, Bring);
                break;
        }

        _isReachedFromAbove = instruction.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw);
    }

    /// <summary>What a field's address, or the field's value if it leads to an array, is like.</summary>
    public bool IsPrivate(FieldReference field) => FieldKnowledge.IsQuiet(field) || _marks.Cover(field.Resolve());

    private void Push(Instruction instruction)
    {
        var before = _stack.ToArray();
        for (var i = EvaluationStack.PopCount(instruction, _body.Method, before.Length); i > 0; i--)
            _stack.Pop();
        var first = before.Length > 0 ? before[0] : StackSlot.Unknown;
        switch (instruction.OpCode.Code)
        {
            case Code.Dup:
                _stack.Push(first);
                _stack.Push(first);
                break;
            case Code.Ldarg:
                _stack.Push(OfArgument((ParameterDefinition)instruction.Operand));
                break;
            case Code.Ldarga:
                _stack.Push(new StackSlot(SlotKind.Private, ((ParameterDefinition)instruction.Operand).Name));
                break;
            case Code.Ldloca or Code.Localloc:
                _stack.Push(new StackSlot(SlotKind.Private, Local));
                break;
            case Code.Ldloc:
                _stack.Push(OfVariable((VariableDefinition)instruction.Operand));
                break;
            case Code.Stloc when !_assignedTwice.Contains((VariableDefinition)instruction.Operand):
                _assignedOnce[(VariableDefinition)instruction.Operand] = first;
                break;
            case Code.Ldfld or Code.Ldsfld:
                _stack.Push(OfField((FieldReference)instruction.Operand));
                break;
            case Code.Ldflda or Code.Ldsflda:
                var field = (FieldReference)instruction.Operand;
                var isInPrivate = instruction.OpCode.Code == Code.Ldflda && first.Kind == SlotKind.Private;
                _stack.Push(new StackSlot(isInPrivate || IsPrivate(field) ? SlotKind.Private : SlotKind.Open, MemberNames.Of(field)));
                break;
            case Code.Ldelema:
                _stack.Push(before[1] with { Origin = before[1].Origin + "[]" });
                break;
            case Code.Ldelem_Any:
                _stack.Push(StackSlot.Of((TypeReference)instruction.Operand, before[1].Origin + "[]"));
                break;
            case Code.Ldobj or Code.Unbox_Any:
                _stack.Push(StackSlot.Of((TypeReference)instruction.Operand, first.Origin));
                break;
            case Code.Call or Code.Callvirt or Code.Newobj:
                PushResult(instruction, before);
                break;
            default:
                // Conversions, arithmetic on addresses and casts: still the same thing.
                for (var i = EvaluationStack.PushCount(instruction); i > 0; i--)
                    _stack.Push(EvaluationStack.KeepsOperand(instruction) ? Derived(instruction, before) : StackSlot.Unknown);
                break;
        }
    }

    private void PushResult(Instruction instruction, StackSlot[] before)
    {
        var method = (MethodReference)instruction.Operand;
        if (instruction.OpCode.Code == Code.Newobj)
        {
            _stack.Push(StackSlot.Of(FieldKnowledge.Known(method.DeclaringType), method.DeclaringType.Name));
            return;
        }

        var type = FieldKnowledge.ReturnTypeOf(method);
        if (type.MetadataType == MetadataType.Void)
            return;
        var arguments = method.Parameters.Count + (method.HasThis ? 1 : 0);
        var first = arguments > 0 ? before[arguments - 1] : StackSlot.Unknown;
        if (method.DeclaringType.FullName == "System.Runtime.CompilerServices.Unsafe" && type.IsByReference)
            _stack.Push(first);
        else if (type.IsByReference && method.Name == "get_Item")
            _stack.Push(new StackSlot(SlotKind.Open, (first.Kind == SlotKind.Private && first.Origin == Local ? "a span" : first.Origin) + "[]"));
        else
            _stack.Push(StackSlot.Of(type, MemberNames.Of(method.DeclaringType) + "." + method.Name + "()"));
    }

    private StackSlot OfArgument(ParameterDefinition parameter)
    {
        // A read-only structure is announced by who calls its method, as a whole; most are locals.
        var type = _body.Method.DeclaringType;
        if (parameter.Index < 0)
            return new StackSlot(FieldKnowledge.IsByRefLike(type) || FieldKnowledge.IsReadOnlyStructure(type) ? SlotKind.Private : SlotKind.Open, "this");

        // What an out parameter leads to is a local of some caller's.
        return parameter is { IsOut: true, ParameterType.IsByReference: true }
            ? new StackSlot(SlotKind.Private, parameter.Name)
            : StackSlot.Of(parameter.ParameterType, parameter.Name);
    }

    private StackSlot OfVariable(VariableDefinition variable)
    {
        var slot = StackSlot.Of(variable.VariableType, "");
        return !_assignedTwice.Contains(variable) && _assignedOnce.TryGetValue(variable, out var assigned)
            ? slot with { Origin = assigned.Origin, Kind = slot.Kind == SlotKind.Structure ? slot.Kind : assigned.Kind }
            : slot;
    }

    private StackSlot OfField(FieldReference field)
    {
        var slot = StackSlot.Of(FieldKnowledge.TypeOf(field), MemberNames.Of(field));
        return field.FieldType.IsArray && _marks.Cover(field.Resolve()) ? slot with { Kind = SlotKind.Private } : slot;
    }

    private static StackSlot Derived(Instruction instruction, StackSlot[] before)
    {
        if (EvaluationStack.PopCount(instruction, null, before.Length) < 2)
            return before[0];
        return before[0].Kind == SlotKind.Private || before[1].Origin.Length == 0 ? before[0] : before[1];
    }

    private void Bring(Instruction target)
    {
        StackSlot[] stack = [.. _stack.Reverse()];
        _brought[target] = _brought.TryGetValue(target, out var brought) ? Join(brought, stack) : stack;
    }

    private void Replace(StackSlot[] stack)
    {
        _stack.Clear();
        Array.ForEach(stack, _stack.Push);
    }

    private static StackSlot[] Join(StackSlot[] one, StackSlot[] other)
    {
        if (one.Length != other.Length)
            return one.Length == 0 ? other : one;
        return [.. one.Zip(other, (a, b) => a.Kind == b.Kind ? a : a with { Kind = SlotKind.Open })];
    }
}
