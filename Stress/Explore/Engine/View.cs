namespace FolioRuntime.Exploration.Engine;

/// <summary>For each word, by number, the oldest of its values that may still be seen.</summary>
internal sealed class View
{
    private int[] _times = [];

    public View()
    {
    }

    public View(View other) => _times = (int[])other._times.Clone();

    public int this[int word] => word < _times.Length ? _times[word] : 0;

    public void Raise(int word, int time)
    {
        if (word >= _times.Length)
            Array.Resize(ref _times, Math.Max(word + 1, 2 * _times.Length));
        _times[word] = Math.Max(_times[word], time);
    }

    public void Join(View other)
    {
        for (var word = other._times.Length - 1; word >= 0; word--)
        {
            if (other._times[word] != 0)
                Raise(word, other._times[word]);
        }
    }
}
