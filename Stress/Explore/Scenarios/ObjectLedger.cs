using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Slabs;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// The objects of one type that were made and destroyed in an execution. Its constructor writes into each a number that no other has, its destructor
/// notes the number that it finds: so an object of another type, of an earlier life, or one destroyed twice shows.
/// </summary>
/// <param name="mark">Tells the type, in the numbers' upper half.</param>
internal sealed class ObjectLedger(uint mark)
{
    private readonly List<ulong> _made = [];
    private readonly List<ulong> _ended = [];
    private readonly Dictionary<SlabHandle, ulong> _named = [];

    /// <summary>Constructors from now on that throw.</summary>
    public int ConstructorsToFail { get; set; }

    public int Made => _made.Count;

    public int Ended => _ended.Count;

    public void Construct(Span<byte> bytes)
    {
        var number = ((ulong)mark << 32) | (uint)(_made.Count + 1);
        if (ConstructorsToFail > 0)
        {
            ConstructorsToFail--;
            throw new ConstructorFailedException();
        }

        _made.Add(number);
        Content.Write(ref WordOf(bytes), number);
    }

    public void Destruct(Span<byte> bytes) => _ended.Add(Content.Read(ref WordOf(bytes)));

    /// <summary>The handle that its maker got for an object, whose content it reads in its own right.</summary>
    public void Name(SlabHandle handle, Span<byte> bytes)
    {
        var number = Content.Read(ref WordOf(bytes));
        Requirement.That(_made.Contains(number), "L7: its maker finds what the constructor wrote");
        Requirement.That(!_named.ContainsValue(number) && _named.TryAdd(handle, number), "L3: no handle and no object is given twice");
    }

    /// <summary>What somebody sees who was given a reference by this handle.</summary>
    public void RequireWhole(SlabHandle handle, Span<byte> bytes)
    {
        var number = Content.Read(ref WordOf(bytes));
        if (_named.TryGetValue(handle, out var named))
            Requirement.Equal(number, named, "L2: the reference is on the object that the handle names");
        Requirement.That(_made.Contains(number), "L7: an object that is seen is a finished one of its type");
        Requirement.That(!_ended.Contains(number), "L2: nobody destroys it while it is held");
    }

    /// <summary>Every object has been destroyed, once, by this type's destructor, which found it as it was.</summary>
    public void RequireAllEnded(string type)
    {
        Requirement.Equal(string.Join(' ', _ended.Order().Select(Show)), string.Join(' ', _made.Select(Show)), $"L1: {type}'s objects, each destroyed once by its destructor");
    }

    private static string Show(ulong number) => $"{number >> 32:x}:{(uint)number}";

    private static ref ulong WordOf(Span<byte> bytes) => ref MemoryMarshal.Cast<byte, ulong>(bytes)[0];
}
