using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace FolioRuntime.Laboratory;

/// <summary>
/// Weaves one method: finds its plain accesses, then announces each. The announcement takes the place of the access's first instruction, which
/// moves behind it, so branches and the bounds of protected regions that led to the access lead to the announcement.
/// </summary>
internal static class MethodWeaver
{
    public static void Weave(MethodDefinition method, PlainAccessHooks hooks, GlanceMarks marks)
    {
        var body = method.Body;
        body.SimplifyMacros();
        var sites = Find(method, marks);
        foreach (var site in sites)
            new Announcement(body, hooks, site).Insert();
        body.OptimizeMacros();
    }

    private static List<PlainAccessSite> Find(MethodDefinition method, GlanceMarks marks)
    {
        var sites = new List<PlainAccessSite>();
        var where = MemberNames.Of(method);
        var glances = marks.Cover(method);
        var stack = new StackSimulation(method.Body, marks);
        Instruction? prefix = null;
        var isVolatile = false;
        foreach (var instruction in method.Body.Instructions)
        {
            stack.Arrive(instruction);
            if (instruction.OpCode.OpCodeType == OpCodeType.Prefix)
            {
                prefix ??= instruction;
                isVolatile |= instruction.OpCode.Code == Code.Volatile;
                continue;
            }

            if (!isVolatile && AccessKinds.Describe(instruction, stack) is { } access && !(glances && !AccessKinds.IsWrite(instruction)))
                sites.Add(new PlainAccessSite(prefix ?? instruction, instruction, access.Type, $"{access.What} in {where}"));
            stack.Carry(instruction);
            prefix = null;
            isVolatile = false;
        }

        return sites;
    }
}
