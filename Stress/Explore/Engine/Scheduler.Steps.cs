using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Engine;

/// <content>Who moves: called on the thread that is running, while all others stand still.</content>
internal sealed partial class Scheduler
{
    /// <summary>Stands still before an access until it is this thread's turn to make it.</summary>
    private void Stand(LogicalThread self, in Access access)
    {
        if (_abandoned)
            throw new AbandonedException();
        self.Pending = access;
        if (Next(self) is { } next && next != self)
        {
            next.LetGo();
            self.Halt();
        }

        if (_abandoned)
            throw new AbandonedException();
    }

    /// <summary>Who goes on now that a thread stands still or has ended. Null: nobody is left.</summary>
    private LogicalThread? Next(LogicalThread self)
    {
        if (_starting && self.Number + 1 < _cast.Count)
            return _cast[self.Number + 1];
        _starting = false;
        return _abandoned ? _cast.Find(thread => !thread.HasEnded) : Choose();
    }

    /// <summary>An access has been made: what it means for those that stand still.</summary>
    private void Made(LogicalThread self, ulong before, ulong after)
    {
        var step = new Step(self.Number, self.Pending, before, after);
        Steps.Add(step);
        var address = step.Access.Address;
        switch (step.Access.Operation)
        {
            case SeamOperation.LatchEnter:
                _holders.Add(address, self);
                _views?.EnterLatch(self.Number, address);
                break;
            case SeamOperation.Spin:
                foreach (var (awaited, _) in self.Reads)
                    _views?.Refresh(self.Number, awaited);
                self.Reads.Clear();
                self.HasNews = false;
                break;
            case SeamOperation.ThreadState:
                if (!_endsMatter)
                    Fail("the scene asks whether threads have ended, and doesn't say that their ends matter");
                self.Reads.Add((address, VersionOf(address)));
                if (after == 0)
                    _views?.EnterLatch(self.Number, address);
                break;
            case SeamOperation.LoadAcquire:
                // An old value is news as soon as there is a newer one.
                self.Reads.Add((address, _views is not null && _views.Candidates(self.Number, address, Newest(step)) > 1 ? -1 : VersionOf(address)));
                break;
            case SeamOperation.StoreRelease or SeamOperation.ContentWrite:
                _views?.Store(self.Number, address, before, after, relaxed: step.Access.IsContent);
                break;
            case SeamOperation.ProcessWideBarrier:
                _views?.ProcessWideBarrier();
                break;
        }

        if (step.Access.IsReadModifyWrite)
        {
            _views?.ReadModifyWrite(self.Number, address, before, after, step.Wrote);
            self.HasNews |= !step.Wrote;
        }

        if (step.Wrote && address != 0)
            _versions[address] = VersionOf(address) + 1;
        _races?.Synchronise(step);
        if (!_redundant)
            _search.Performed(step);
        if (_races?.Found is { } race)
            Fail(race);
    }

    private ulong Pick(LogicalThread self, nint address, ulong newest, bool relaxed)
    {
        if (_views is null)
            return newest;
        var candidates = _views.Candidates(self.Number, address, newest);
        var age = candidates > 1 && !_redundant ? _search.PickValue(candidates) : 0;
        if (age != 0)
            Schedule.GiveValue(age);
        return _views.Load(self.Number, address, newest, age, relaxed);
    }

    /// <summary>Decides who makes the next step. Null: nobody is left.</summary>
    private LogicalThread? Choose()
    {
        uint enabled = 0;
        var live = 0;
        foreach (var thread in _cast)
        {
            if (thread.HasEnded)
                continue;
            live++;
            if (CanGoOn(thread))
                enabled |= 1u << thread.Number;
        }

        if (live == 0)
            return null;
        if (enabled == 0)
            return Abandon($"nobody can go on: {string.Join(", ", _cast.Where(thread => !thread.HasEnded).Select(Waits))}");
        if (Steps.Count >= _mostSteps)
            return Abandon($"no end after {_mostSteps} steps");
        var current = _running is null ? -1 : _running.Number;
        var picked = _redundant ? Search.Redundant : _search.PickThread(enabled, current, _cast);

        // Who can't go on mustn't be let go: it would wait for a real latch, or keep its turn for the next execution.
        _diverged |= picked != Search.Redundant && (enabled >> picked & 1) == 0;
        if (picked == Search.Redundant || _diverged)
        {
            _redundant = true;
            picked = current >= 0 && (enabled >> current & 1) != 0 ? current : System.Numerics.BitOperations.TrailingZeroCount(enabled);
        }

        Schedule.Add(picked);
        _running = _cast[picked];
        return _running;
    }

    private bool CanGoOn(LogicalThread thread) => thread.Pending.Operation switch
    {
        SeamOperation.LatchEnter => !_holders.ContainsKey(thread.Pending.Address),
        SeamOperation.Spin => thread.HasNews || thread.Reads.Count == 0 || thread.Reads.Exists(read => read.Version != VersionOf(read.Address)),
        _ => true,
    };

    private string Waits(LogicalThread thread) => thread.Pending.Operation == SeamOperation.LatchEnter
        ? $"{thread.Name} waits for a latch that {_holders[thread.Pending.Address].Name} holds"
        : $"{thread.Name} waits for a word to change that nobody will change";

    private int VersionOf(nint address) => _versions.GetValueOrDefault(address);

    private ulong Newest(in Step load) => LastWritten(load.Access.Address) ?? load.After;

    private ulong? LastWritten(nint address)
    {
        for (var i = Steps.Count - 1; i >= 0; i--)
        {
            if (Steps[i].Access.Address == address && Steps[i].Wrote)
                return Steps[i].After;
        }

        return null;
    }

    /// <summary>A thread's action is over. The one that ends last ends the execution.</summary>
    private void Ended(LogicalThread self)
    {
        if (_preparing)
        {
            self.End();
            _arrived.Give();
            return;
        }

        if (self.Failure is { } failure && !_abandoned && !_starting)
            Abandon(Describe(failure, $"{self.Name}: "));
        if (_endsMatter && !_starting && !_abandoned)
        {
            Stand(self, new Access(SeamOperation.ThreadEnd, IdentityOf(self.Thread)));
            _views?.End(self.Number, IdentityOf(self.Thread));
            Made(self, 0, 1);
        }

        self.End();
        if (Next(self) is { } next)
            next.LetGo();
        else
            _finished.Give();
    }

    private void Fail(string message)
    {
        Abandon(message);
        throw new AbandonedException();
    }

    /// <summary>Ends the execution: every thread, when it is let go, is thrown out of where it stands.</summary>
    private LogicalThread? Abandon(string failure)
    {
        _failure ??= failure;
        _abandoned = true;
        return _cast.Find(thread => !thread.HasEnded);
    }
}
