namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// Decides what happens next in an execution, and which executions there are. It is asked on whatever thread is running, one at a time. An
/// execution may have to be repeated: <see cref="Begin"/> without <see cref="Next"/> in between asks for the same one again.
/// </summary>
internal abstract class Search
{
    /// <summary>Returned by <see cref="PickThread"/>: whatever comes now has been seen in another execution.</summary>
    public const int Redundant = -1;

    /// <summary>What kind of search it is and how far it goes, in words.</summary>
    public abstract string Bound { get; }

    /// <summary>Whether it ends only when nothing is left within its bound.</summary>
    public abstract bool Exhausts { get; }

    /// <summary>Why a clean result means nothing; null: it means what it says.</summary>
    public virtual string? Objection => null;

    /// <summary>An execution begins.</summary>
    public abstract void Begin();

    /// <summary>Which of the threads that can go on goes on.</summary>
    /// <param name="enabled">A bit for each thread that can; not 0.</param>
    /// <param name="current">The thread that made the last step; -1 at the start.</param>
    /// <param name="threads">All threads, with what each is about to do.</param>
    public abstract int PickThread(uint enabled, int current, IReadOnlyList<LogicalThread> threads);

    /// <summary>Which of several values a load gives, 0 the newest.</summary>
    public abstract int PickValue(int count);

    /// <summary>The thread that was picked last has made its step.</summary>
    public virtual void Performed(in Step step)
    {
    }

    /// <summary>Goes on to the next execution. False: there is none.</summary>
    public abstract bool Next();
}
