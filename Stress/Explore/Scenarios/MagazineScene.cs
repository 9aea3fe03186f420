using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A stack of magazines. Each is in it, or in the hand of one thread.</summary>
internal sealed class MagazineScene
{
    private readonly MagazineStack _stack;
    private readonly HashSet<int> _inHand;
    private readonly int _magazines;

    /// <param name="stacked">The magazines from 0 that are in the stack, 0 on top.</param>
    /// <param name="inHand">As many more are in somebody's hand.</param>
    public MagazineScene(int stacked, int inHand)
    {
        _magazines = stacked + inHand;
        _stack = new MagazineStack(new uint[_magazines]);
        for (var magazine = stacked - 1; magazine >= 0; magazine--)
            _stack.Push(magazine);
        _inHand = [.. Enumerable.Range(stacked, inHand)];
    }

    /// <summary>Takes the top into the hand.</summary>
    /// <returns>-1: there was none.</returns>
    public int Pop()
    {
        var magazine = _stack.Pop();
        if (magazine >= 0)
            Requirement.That(_inHand.Add(magazine), $"magazine {magazine} is given to one at a time");
        return magazine;
    }

    public void Push(int magazine)
    {
        Requirement.That(_inHand.Remove(magazine), $"magazine {magazine} is in the hand");
        _stack.Push(magazine);
    }

    public Scene Play(params Action[] threads) => new(threads)
    {
        Check = () =>
        {
            while (Pop() >= 0)
            {
                // Ends: a magazine that comes twice fails.
            }

            Requirement.Equal(_inHand.Count, _magazines, "magazines");
        },
        State = () => $"{string.Join(' ', _inHand.Order())} in hand",
        EndsMatter = true,
    };
}
