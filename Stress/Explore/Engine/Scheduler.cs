using FolioRuntime.Harness;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// Runs executions of scenes over the instrumented runtime, one step at a time: each logical thread stands still before every access to shared
/// memory, and a <see cref="Search"/> says who goes on. What lies between two accesses is part of the step before. Waiting blocks in the model: for
/// a latch until it is left, in a loop until a word that the loop read has been changed. Threads that aren't its own pass through undisturbed.
/// </summary>
internal sealed partial class Scheduler : SeamObserver, IDisposable
{
    /// <summary>How the message of a failure begins that comes from setting the scene up.</summary>
    public const string BeforeAnything = "before anything is played: ";

    private readonly List<LogicalThread> _pool = [];
    private readonly List<LogicalThread> _cast = [];
    private readonly Signal _arrived = new();
    private readonly Signal _finished = new();
    private readonly Dictionary<nint, int> _versions = [];
    private readonly Dictionary<nint, LogicalThread> _holders = [];

    // Objects by number, in the order in which they were met.
    private readonly Dictionary<object, ulong> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<object> _numbered = [];
    private readonly SharedProcessor _processor;
    private readonly MemoryKind _memory;
    private readonly int _mostSteps;
    private Search _search = null!;
    private readonly RaceDetector? _races;
    private ViewMemory? _views;
    private LogicalThread? _running;
    private string? _failure;
    private bool _endsMatter;
    private bool _preparing;
    private bool _starting;
    private bool _abandoned;
    private bool _redundant;

    // The search asked for what this execution can't do. That is so where the collector moved words in the middle of it, or the scene isn't repeatable.
    private bool _diverged;

    public Scheduler(MemoryKind memory, int mostSteps, SharedProcessor processor)
    {
        _processor = processor;
        _memory = memory;
        _mostSteps = mostSteps;
        _races = memory == MemoryKind.Sequential ? new RaceDetector() : null;
    }

    public override bool WaitsForThreads => true;

    /// <summary>The decisions of the last execution.</summary>
    public Schedule Schedule { get; } = new();

    /// <summary>The steps of the last execution.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>Runs one execution, and the scene's check after it.</summary>
    public Outcome Run(Func<Scene> make, Search search)
    {
        _search = search;
        Scene scene;
        try
        {
            scene = make();
        }
        catch (Exception failure) when (failure is RequirementFailedException or InvariantViolatedException)
        {
            Begin(threads: 0, endsMatter: false);
            return new Outcome(Describe(failure, BeforeAnything), IsRedundant: false, IsDisturbed: false, State: null, Steps: 0);
        }

        Begin(scene.Threads.Length, scene.EndsMatter);
        var collections = GC.CollectionCount(0);
        Current = this;
        try
        {
            search.Begin();
            if (Prepare(scene.Preludes))
                Play(scene.Threads);
            var disturbed = GC.CollectionCount(0) != collections;
            foreach (var thread in _cast)
                _failure ??= thread.Failure is { } failure ? Describe(failure, $"{thread.Name}: ") : null;
            _failure ??= _races?.Found;
            if (_diverged && !disturbed)
                _failure = "the scene isn't repeatable: the same steps have led elsewhere";
            string? state = null;
            if (_failure is null && !disturbed)
                state = Judge(scene);
            return new Outcome(_failure, _redundant, disturbed, state, Steps.Count);
        }
        finally
        {
            try
            {
                scene.Close?.Invoke();
            }
            finally
            {
                Current = null;
            }
        }
    }

    /// <summary>The thread of the scene that makes an access; null: somebody else, or a prelude, whom nothing disturbs.</summary>
    private LogicalThread? Self => _preparing ? null : LogicalThread.Current;

    /// <summary>What a thread of the scene asks for directly: content that is read or written in place, as a step of its own.</summary>
    public static Scheduler? Running => Current as Scheduler;

    public override void Before(SeamOperation operation, nint address)
    {
        if (Self is { } self && IsStep(operation))
            Stand(self, new Access(operation, address, 0, operation == SeamOperation.Spin ? [.. self.Reads.Select(read => read.Address)] : null));
    }

    public override void After(SeamOperation operation, nint address, ulong before, ulong after)
    {
        if (Self is not { } self || _starting)
            return;
        if (IsStep(operation))
        {
            Made(self, before, after);
            return;
        }

        switch (operation)
        {
            case SeamOperation.LatchLeave:
                _holders.Remove(address);
                _views?.LeaveLatch(self.Number, address);
                _races?.Synchronise(new Step(self.Number, new Access(operation, address), 0, 0));
                break;
            case SeamOperation.ReadBarrier:
                _views?.ReadBarrier(self.Number);
                break;
            case SeamOperation.WriteBarrier:
                _views?.WriteBarrier(self.Number);
                break;
            case SeamOperation.ProcessWideBarrier:
                _races?.Synchronise(new Step(self.Number, new Access(operation, address), 0, 0));
                break;
        }
    }

    public override ulong Loaded(nint address, ulong value) => Self is { } self ? Pick(self, address, value, relaxed: false) : value;

    // Under weak memory only, where a load of a reference may be given an older one.
    public override bool NumbersReferences => _views is not null && Self is not null;

    public override ulong NumberOf(object? reference)
    {
        if (reference is null)
            return 0;
        if (!_numbers.TryGetValue(reference, out var number))
        {
            _numbered.Add(reference);
            number = (ulong)_numbered.Count;
            _numbers.Add(reference, number);
        }

        return number;
    }

    public override object? Numbered(ulong number) => number == 0 ? null : _numbered[(int)number - 1];

    public override bool? IsAlive(Thread thread)
    {
        foreach (var member in _cast)
        {
            if (!_preparing && member.Thread == thread)
                return !member.HasEnded;
        }

        return null;
    }

    /// <summary>A relaxed load of content, as a step.</summary>
    public ulong ReadContent(nint address, int lengthBytes, Func<ulong> read)
    {
        if (Self is not { } self)
            return read();
        Stand(self, new Access(SeamOperation.ContentRead, address, lengthBytes));
        var value = Pick(self, address, read(), relaxed: true);
        Made(self, value, value);
        return value;
    }

    /// <summary>A relaxed store of content, as a step.</summary>
    public void WriteContent(nint address, int lengthBytes, ulong before, ulong after, Action write)
    {
        if (Self is { } self)
        {
            Stand(self, new Access(SeamOperation.ContentWrite, address, lengthBytes));
            write();
            Made(self, before, after);
        }
        else
        {
            write();
        }
    }

    public void Dispose()
    {
        foreach (var thread in _pool)
            thread.Dispose();
        _arrived.Dispose();
        _finished.Dispose();
    }

    // Leaving a latch, and barriers that are the thread's own matter, are part of the step before: nobody can tell their order.
    private bool IsStep(SeamOperation operation) => operation switch
    {
        SeamOperation.LatchLeave or SeamOperation.ReadBarrier or SeamOperation.WriteBarrier or SeamOperation.Count => false,
        SeamOperation.ProcessWideBarrier => _views is not null,
        _ => true,
    };

    private void Begin(int threads, bool endsMatter)
    {
        while (_pool.Count < threads)
            _pool.Add(new LogicalThread(_pool.Count, _processor, Ended));
        _cast.Clear();
        _cast.AddRange(_pool.Take(threads));
        _versions.Clear();
        _holders.Clear();
        _numbers.Clear();
        _numbered.Clear();
        Schedule.Clear();
        Steps.Clear();
        _views = _memory == MemoryKind.Weak ? new ViewMemory(threads) : null;
        _races?.Begin(threads);
        _endsMatter = endsMatter;
        _running = null;
        _failure = null;
        _abandoned = _redundant = _diverged = false;
    }

    /// <summary>False: a prelude failed, and there is nothing to play.</summary>
    private bool Prepare(Action?[] preludes)
    {
        for (var i = 0; i < preludes.Length && _failure is null; i++)
        {
            if (preludes[i] is not { } prelude)
                continue;
            _preparing = true;
            _cast[i].Begin(prelude);
            _cast[i].LetGo();
            _arrived.Wait();
            _preparing = false;
            _failure = _cast[i].Failure is { } failure ? Describe(failure, $"before {_cast[i].Name} began: ") : null;
        }

        return _failure is null;
    }

    // Each goes as far as its first access, which others can't notice, and lets the next one go; the last one decides who begins.
    private void Play(Action[] actions)
    {
        for (var i = 0; i < actions.Length; i++)
            _cast[i].Begin(actions[i]);
        _starting = true;
        _cast[0].LetGo();
        _finished.Wait();
    }

    private string? Judge(Scene scene)
    {
        try
        {
            scene.Check?.Invoke();
            return scene.State?.Invoke();
        }
#pragma warning disable CA1031 // Whatever a scenario throws is what the exploration found.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = Describe(exception, "at the end: ");
            return null;
        }
    }

    private static string Describe(Exception exception, string where) =>
        where + (exception is RequirementFailedException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}");
}
