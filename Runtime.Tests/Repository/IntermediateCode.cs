using System.Reflection;
using System.Reflection.Emit;

namespace FolioRuntime.Tests.Repository;

/// <summary>The instructions of a method as its assembly holds them, before any compiler for a processor saw them.</summary>
internal static class IntermediateCode
{
    private static readonly Dictionary<short, OpCode> s_byValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Each instruction with its operand, as a number of up to 32 bits; 0 where it has none or a longer one.</summary>
    public static IEnumerable<(OpCode Code, int Operand)> Of(MethodBase method)
    {
        var bytes = method.GetMethodBody()!.GetILAsByteArray()!;
        for (var at = 0; at < bytes.Length;)
        {
            var code = s_byValue[bytes[at] == 0xFE ? (short)((bytes[at++] << 8) | bytes[at++]) : bytes[at++]];
            var length = OperandBytes(code, bytes, at);
            yield return (code, length == 4 ? BitConverter.ToInt32(bytes, at) : length == 1 ? bytes[at] : 0);
            at += length;
        }
    }

    private static int OperandBytes(OpCode code, byte[] bytes, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(bytes, at)),
        _ => 4,
    };
}
