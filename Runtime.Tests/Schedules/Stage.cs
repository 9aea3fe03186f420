extern alias instrumented;

using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Schedules;

/// <summary>
/// Where puppets act: while it stands, every access of the instrumented runtime made on a puppet's thread may stop it.
/// There is one at a time; other threads pass through undisturbed.
/// </summary>
internal sealed class Stage : SeamObserver, IDisposable
{
    private readonly List<Puppet> _puppets = [];

    public Stage() => Current = this;

    /// <summary>The puppets by number, made when first asked for.</summary>
    public Puppet this[int number]
    {
        get
        {
            while (_puppets.Count <= number)
                _puppets.Add(new Puppet());
            return _puppets[number];
        }
    }

    public override void Before(SeamOperation operation, nint address) =>
        Puppet.OfThisThread?.Meet(new SeamEvent(true, operation, address));

    public override void After(SeamOperation operation, nint address, ulong before, ulong after) =>
        Puppet.OfThisThread?.Meet(new SeamEvent(false, operation, address));

    public void Dispose()
    {
        foreach (var puppet in _puppets)
            puppet.Dispose();
        Current = null;
    }
}
