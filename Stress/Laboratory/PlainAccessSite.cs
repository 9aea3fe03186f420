using Mono.Cecil;
using Mono.Cecil.Cil;

namespace FolioRuntime.Laboratory;

/// <summary>A plain access that is to be announced.</summary>
/// <param name="First">Its instruction, or the first of the prefixes before it.</param>
/// <param name="Instruction">Its instruction.</param>
/// <param name="Type">What is read or written; the elements' type for an array's.</param>
/// <param name="What">What and where, in the sources' words.</param>
internal sealed record PlainAccessSite(Instruction First, Instruction Instruction, TypeReference Type, string What);
