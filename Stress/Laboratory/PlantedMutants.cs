namespace FolioRuntime.Laboratory;

/// <summary>One build with mutants asleep in it: a context made with the number of one of them has that one awake, any other has none.</summary>
public sealed class PlantedMutants
{
    private readonly Dictionary<Mutant, int> _numbers;

    internal PlantedMutants(byte[] assembly, Dictionary<Mutant, int> numbers)
    {
        Assembly = assembly;
        _numbers = numbers;
    }

    /// <summary>The build.</summary>
    public ReadOnlyMemory<byte> Assembly { get; }

    /// <summary>How many are planted.</summary>
    public int Count => _numbers.Count;

    /// <summary>The number of a mutant; 0: it isn't planted here.</summary>
    public int NumberOf(Mutant mutant) => _numbers.GetValueOrDefault(mutant);
}
