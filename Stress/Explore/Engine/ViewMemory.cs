namespace FolioRuntime.Exploration.Engine;

/// <summary>
/// Memory that shows its past: a load may be given any value that its thread has no reason to know to be outdated. An operational form of
/// release/acquire with relaxed accesses and fences, without promises (after Kang, Hur, Lahav, Vafeiadis, Dreyer, 2017). Real memory
/// always holds the newest value; this remembers the older ones.
/// <code>
///   word      v0 ─ v1 ─ v2 ─ v3          in the order of the stores; each with what its writer knew (its view) if it released
///   thread    view: v1 or later          raised by what it reads, writes and acquires
/// </code>
/// Allows all of x86-TSO: a store delayed in a buffer past later loads is, seen from the others, those loads reading old values. Allows what
/// arm64 does with relaxed content and the two barriers: loads out of order, stores out of order, a load before an earlier store. More than either
/// does in two respects: two readers may see two writers' stores in different orders, and who overwrites a word needn't know what the one whose value
/// it was had done before. Doesn't show: a store that becomes visible before an earlier
/// load of its thread, and two stores to one word made in the other order than here. References to objects are words like others, by the objects' numbers.
/// Read-modify-writes and the process-wide barrier are full fences: they pass on all that those before them knew.
/// </summary>
internal sealed class ViewMemory(int threads)
{
    private readonly Dictionary<nint, int> _numbers = [];
    private readonly List<List<Message>> _words = [];
    private readonly ThreadViews[] _threads = [.. Enumerable.Range(0, threads).Select(_ => new ThreadViews())];
    private readonly Dictionary<nint, View> _latches = [];
    private readonly View _fences = new();

    /// <summary>How many values a load could be given, the newest counted first.</summary>
    public int Candidates(int thread, nint address, ulong newest)
    {
        var word = WordOf(address, newest);
        return _words[word].Count - _threads[thread].Now[word];
    }

    /// <summary>Gives a load one of its values; acquire loads learn what the writer knew, relaxed ones only at the next read barrier.</summary>
    public ulong Load(int thread, nint address, ulong newest, int age, bool relaxed)
    {
        var word = WordOf(address, newest);
        var time = _words[word].Count - 1 - age;
        var message = _words[word][time];
        var views = _threads[thread];
        views.Now.Raise(word, time);
        if (message.Released is { } released)
            (relaxed ? views.ToAcquire : views.Now).Join(released);
        return message.Value;
    }

    /// <summary>A store: a release passes on all that its thread knows, a relaxed one what it knew at its last write barrier.</summary>
    public void Store(int thread, nint address, ulong before, ulong value, bool relaxed)
    {
        var word = WordOf(address, before);
        var views = _threads[thread];
        views.Now.Raise(word, _words[word].Count);
        var released = new View(relaxed ? views.AtWriteBarrier : views.Now);
        released.Raise(word, _words[word].Count);
        _words[word].Add(new Message(value, released));
    }

    /// <summary>An interlocked operation reads the newest value, and is a full fence, also when it stores nothing.</summary>
    public void ReadModifyWrite(int thread, nint address, ulong before, ulong after, bool wrote)
    {
        Load(thread, address, before, age: 0, relaxed: false);
        Fence(thread);
        if (!wrote)
            return;
        Store(thread, address, before, after, relaxed: false);

        // The fence stands behind what was stored, too: no later store of this thread is seen without it.
        Fence(thread);
    }

    public void ReadBarrier(int thread) => _threads[thread].Now.Join(_threads[thread].ToAcquire);

    public void WriteBarrier(int thread) => _threads[thread].AtWriteBarrier = new View(_threads[thread].Now);

    public void ProcessWideBarrier()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            for (var thread = 0; thread < _threads.Length; thread++)
                Fence(thread);
        }
    }

    public void EnterLatch(int thread, nint latch) => _threads[thread].Now.Join(ViewOf(latch));

    public void LeaveLatch(int thread, nint latch) => ViewOf(latch).Join(_threads[thread].Now);

    /// <summary>Passes on all that a thread knows, to whoever sees that it has ended.</summary>
    public void End(int thread, nint identity) => LeaveLatch(thread, identity);

    /// <summary>No store stays unseen for ever: whoever waited for a word learns its newest value.</summary>
    public void Refresh(int thread, nint address)
    {
        if (_numbers.TryGetValue(address, out var word))
            _threads[thread].Now.Raise(word, _words[word].Count - 1);
    }

    private void Fence(int thread)
    {
        var views = _threads[thread];
        views.Now.Join(views.ToAcquire);
        views.Now.Join(_fences);
        _fences.Join(views.Now);
        views.AtWriteBarrier = new View(views.Now);
    }

    private View ViewOf(nint latch)
    {
        if (!_latches.TryGetValue(latch, out var view))
            _latches.Add(latch, view = new View());
        return view;
    }

    private int WordOf(nint address, ulong newest)
    {
        if (!_numbers.TryGetValue(address, out var word))
        {
            word = _words.Count;
            _numbers.Add(address, word);
            _words.Add([new Message(newest, null)]);
        }
        else if (_words[word][^1].Value != newest)
        {
            // Stored by a plain access, which nobody announced: it passes nothing on.
            _words[word].Add(new Message(newest, null));
        }

        return word;
    }

    private readonly record struct Message(ulong Value, View? Released);

    private sealed class ThreadViews
    {
        public View Now { get; } = new();

        public View ToAcquire { get; } = new();

        public View AtWriteBarrier { get; set; } = new();
    }
}
