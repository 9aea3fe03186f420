using System.Runtime.InteropServices;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// The word of a brief latch and a number in memory that only its sections touch, each by a relaxed load and a relaxed store: two sections at once, or one that doesn't see what the last one wrote, lose a count.
/// </summary>
internal sealed unsafe class LatchScene
{
    private readonly ulong* _counted = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
    private readonly Latch _queue = new();
    private LatchBit _bit;
    private ulong _sections;

    /// <summary>A section, for which the caller waits.</summary>
    public void Enter()
    {
        if (!_bit.TryEnter())
            _bit.Enter(_queue);
        Count();
        _bit.Leave();
    }

    public Scene Play(params Action[] threads) => new([.. threads])
    {
        Check = () => Requirement.Equal(*_counted, _sections, "sections that were counted"),
        State = () => $"{_sections} sections",
        Close = () => NativeMemory.Free(_counted),
        Names = new() { [(nint)_counted] = ("counted", null) },
    };

    // SAFETY: allocated with this object and freed when the execution is over.
    private void Count()
    {
        _sections++;
        Content.Write(ref *_counted, Content.Read(ref *_counted) + 1);
    }
}
