using FolioRuntime.Scale.Measurements;

namespace FolioRuntime.Scale.Plays;

/// <summary>Something to do on many threads, as often as possible.</summary>
/// <param name="name">In options, tables and JSON.</param>
/// <param name="about">What is done, in a sentence.</param>
/// <param name="operation">What is counted as one operation.</param>
internal abstract class Workload(string name, string about, string operation)
{
    public string Name { get; } = name;

    public string About { get; } = about;

    public string Operation { get; } = operation;

    /// <summary>Names of the peers that it can be measured with.</summary>
    public abstract IReadOnlyList<string> Peers { get; }

    /// <summary>Threads that it starts for so many processors in use.</summary>
    public virtual int ThreadsFor(int processors) => processors;

    /// <summary>Sets one sample up. Null: the peer isn't here.</summary>
    /// <param name="peer">Name of the peer.</param>
    /// <param name="threads">Threads that will play it.</param>
    /// <param name="recorder">Times each operation, of what rents each rent and each return; null: nobody does.</param>
    public abstract Sample? Begin(string peer, int threads, LatencyRecorder? recorder);
}
