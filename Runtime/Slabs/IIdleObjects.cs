namespace FolioRuntime.Slabs;

/// <summary>A pool of objects that stand over a cache's slots: what lies idle in it goes when the runtime is trimmed. Thread-safe; throws nothing.</summary>
internal interface IIdleObjects
{
    /// <summary>Drops idle objects. Called with no latch held.</summary>
    /// <param name="onlyUnused">Only those that nobody has had since the last call.</param>
    void DropIdle(bool onlyUnused);
}
