using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Workloads;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>An oracle that can't catch is worth nothing: each kind of fault is planted, and must be caught as what it is.</summary>
internal sealed class OracleTests
{
    private const int X = 0;
    private const int Y = 1;

    private readonly byte[] _content = new byte[4096];
    private readonly List<Fault> _faults = [];
    private Oracle _oracle = new(threads: 2, idsPerThread: 4);

    [SetUp]
    public void SetUp()
    {
        _oracle = new Oracle(threads: 2, idsPerThread: 4);
        Array.Clear(_content);
        _faults.Clear();
        _oracle.FaultFound += _faults.Add;
    }

    [Test]
    public void A_right_life_is_no_fault()
    {
        var id = Allocate(X);
        Assert.That(_oracle.HasEnded(id), Is.False);
        _oracle.Destroy(X, _content);
        Assert.That(_oracle.HasEnded(id), Is.True);
        _oracle.CloseRound();
        Assert.That(_faults, Is.Empty);
        Assert.That(_oracle.Recycles, Is.EqualTo(1));
    }

    [Test]
    public void Hazard4_a_destructor_of_another_type()
    {
        Allocate(Y);
        _oracle.Destroy(X, _content);
        AssertCaught(FaultKind.WrongDestructor);
    }

    [Test]
    public void A_second_destructor()
    {
        Allocate(X);
        _oracle.Destroy(X, _content);
        _oracle.Destroy(X, _content);
        AssertCaught(FaultKind.DestroyedTwice);
    }

    [Test]
    public void A_second_destructor_after_the_memory_was_written_again()
    {
        var id = Allocate(X);
        _oracle.Destroy(X, _content);
        ObjectContent.Write(_content, X, id);
        _oracle.Destroy(X, _content);
        AssertCaught(FaultKind.DestroyedTwice);
    }

    [Test]
    public void A_destructor_under_a_holder()
    {
        _oracle.Hold(Allocate(X));
        _oracle.Destroy(X, _content);
        AssertCaught(FaultKind.DestroyedWhileHeld);
    }

    [Test]
    public void A_foreign_write([Values(16, 16 + 256, 4096 - 240)] int offset)
    {
        Allocate(X);
        _content[offset] ^= 1;
        _oracle.Destroy(X, _content);
        AssertCaught(FaultKind.ContentCorrupt);
    }

    [Test]
    public void An_object_that_nobody_allocated()
    {
        _oracle.Destroy(X, _content);
        AssertCaught(FaultKind.ContentCorrupt);
    }

    [Test]
    public void An_object_that_nobody_destroys()
    {
        Allocate(X);
        _oracle.CloseRound();
        AssertCaught(FaultKind.NeverDestroyed);
    }

    [Test]
    public void Strangers_and_complaints_are_told_apart_from_wrong_ends()
    {
        _oracle.Report(new Fault(FaultKind.StrangerAccepted, -1, X, 1));
        Assert.That(_oracle.DestructionFaults, Is.Zero);
        _oracle.Complain("a page is missing");
        Assert.That(_oracle.DestructionFaults, Is.EqualTo(1));
    }

    [Test]
    public void Ids_are_never_used_twice_and_run_out_within_a_round()
    {
        var ids = new HashSet<long>();
        for (var round = 0; round < 3; round++)
        {
            for (var thread = 0; thread < 2; thread++)
            {
                for (var n = 0; n < 4; n++)
                {
                    Assert.That(ids.Add(_oracle.NextId(thread)), Is.True);
                    _oracle.Issued(thread);
                }

                Assert.That(_oracle.NextId(thread), Is.Zero);
            }

            _oracle.CloseRound();
        }

        Assert.That(ids, Has.All.Matches<long>(_oracle.HasEnded), "what was allocated in an earlier round has ended");
    }

    private long Allocate(int type)
    {
        var id = _oracle.NextId(thread: 1);
        ObjectContent.Write(_content, type, id);
        _oracle.Issued(thread: 1);
        return id;
    }

    private void AssertCaught(FaultKind kind)
    {
        Assert.That(_faults.Select(fault => fault.Kind), Is.EqualTo(new[] { kind }));
        Assert.That(_oracle.Count(kind), Is.EqualTo(1));
        Assert.That(_oracle.DestructionFaults, Is.EqualTo(1));
    }
}
