using FolioRuntime.Race.Protocols;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>
/// All protocols on one thread, where they must all be right: a control that was broken by itself would prove nothing
/// when it is caught.
/// </summary>
[TestFixture("kernel-v4")]
[TestFixture("sticky")]
[TestFixture("runtime")]
internal sealed class ProtocolTests(string name)
{
    private const int Slots = 2;

    private readonly Witness _witness = new();
    private IProtocol _protocol = null!;

    [SetUp]
    public void SetUp()
    {
        _witness.Destroyed.Clear();
        _protocol = ProtocolCatalog.Find(name).Create(Slots, _witness);
    }

    [TearDown]
    public void TearDown() => _protocol.Dispose();

    [Test]
    public void The_last_put_destroys_once_by_the_right_type([Values] bool rented)
    {
        var token = (rented ? _protocol.TryRent(1, 7) : _protocol.TryAllocate(1, 7))!;
        Assert.That(_protocol.TryGet(token), Is.True);
        Assert.That(ObjectContent.Read(_protocol.Content(token)), Is.EqualTo((7L, 1, true)));
        if (rented)
            _protocol.Return(token);
        else
            _protocol.Put(token, 1);
        Assert.That(_witness.Destroyed, Is.Empty, "somebody still holds it");
        Assert.That(_protocol.Peek(token), Is.True);
        _protocol.Put(token, 1);
        Assert.That(_witness.Destroyed, Is.EqualTo(new[] { (1, 7L) }));
        Assert.That(_protocol.Peek(token), Is.False);
        _protocol.Settle();
    }

    [Test]
    public void A_dead_object_is_not_got_however_often_one_tries()
    {
        var token = _protocol.TryAllocate(0, 1)!;
        _protocol.Put(token, 0);
        for (var i = 0; i < 1000; i++)
            Assert.That(_protocol.TryGet(token), Is.False);
        var next = _protocol.TryAllocate(2, 2)!;
        Assert.That(_protocol.TryGet(next), Is.True, "failed look-ups leave nothing behind that matters");
        _protocol.Put(next, 2);
        _protocol.Put(next, 2);
        Assert.That(_witness.Destroyed, Is.EqualTo(new[] { (0, 1L), (2, 2L) }));
        _protocol.Settle();
    }

    [Test]
    public void Slots_run_out_and_come_back_as_any_type()
    {
        for (var round = 0; round < 20; round++)
        {
            var tokens = Enumerable.Range(0, Slots).Select(i => _protocol.TryAllocate((round + i) % ProtocolCatalog.Types, i)!).ToList();
            Assert.That(tokens, Has.None.Null);
            Assert.That(_protocol.TryAllocate(0, 9), Is.Null);
            foreach (var token in tokens)
                _protocol.Put(token, token.Type);
        }

        Assert.That(_witness.Destroyed, Has.Count.EqualTo(20 * Slots));
        _protocol.Settle();
    }

    [Test]
    public void Only_the_runtime_refuses_a_handle_whose_slot_was_recycled()
    {
        var stale = _protocol.TryAllocate(0, 1)!;
        _protocol.Put(stale, 0);
        var live = Enumerable.Range(2, Slots).Select(id => _protocol.TryAllocate(1, id)!).ToList();
        var accepted = _protocol.TryGet(stale);
        Assert.That(accepted, Is.EqualTo(name != "runtime"));
        if (accepted)
            _protocol.Put(stale, 1);
        foreach (var token in live)
            _protocol.Put(token, 1);
        _protocol.Settle();
    }

    [Test]
    public void What_is_lost_is_complained_of()
    {
        Assert.That(_protocol.TryAllocate(0, 1), Is.Not.Null);
        Assert.That(_protocol.Settle, Throws.InvalidOperationException);
    }

    private sealed class Witness : IWitness
    {
        public List<(int Type, long Id)> Destroyed { get; } = [];

        public void Destroy(int type, Span<byte> content)
        {
            var (id, contentType, isIntact) = ObjectContent.Read(content);
            Assert.That((contentType, isIntact), Is.EqualTo((type, true)));
            ObjectContent.Wipe(content);
            Destroyed.Add((type, id));
        }

        // Disposing the runtime with an object out is complained of as well, and rightly.
        public void Complain(string complaint)
        {
            if (!complaint.Contains("disposed", StringComparison.Ordinal))
                throw new InvalidOperationException(complaint);
        }
    }
}
