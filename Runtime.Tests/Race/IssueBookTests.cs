using FolioRuntime.Race.Forging;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>The oracle that judges forged handles.</summary>
internal sealed class IssueBookTests
{
    private const int Target = 2;
    private static readonly ulong s_handle = Forged.From(5, 100);

    private readonly IssueBook _book = new(10, TimeSpan.FromMilliseconds(1));

    [SetUp]
    public void Issue() => _book.Issue(s_handle, Target);

    [Test]
    public void Only_the_issued_handle_of_the_issued_target_is_right()
    {
        Assert.That(_book.IsRightlyHeld(s_handle, Target), Is.True);
        Assert.That(_book.IsRightlyHeld(s_handle, Target + 1), Is.False, "another cache");
        Assert.That(_book.IsRightlyHeld(Forged.From(5, 99), Target), Is.False, "an earlier generation");
        Assert.That(_book.IsRightlyHeld(Forged.From(5, 101), Target), Is.False, "a generation never issued");
        Assert.That(_book.IsRightlyHeld(Forged.From(6, 100), Target), Is.False, "a slot never issued");
        Assert.That(_book.IsRightlyHeld(Forged.From(10, 100), Target), Is.False, "no slot at all");
        Assert.That(_book.IsRightlyHeld(0, Target), Is.False, "the default");
    }

    [Test]
    public void What_has_ended_is_not_right_and_ends_once()
    {
        var before = _book.Before(s_handle);
        Assert.That(_book.TryEnd(s_handle, Target + 1), Is.False);
        Assert.That(_book.TryEnd(s_handle, Target), Is.True);
        Assert.That(_book.TryEnd(s_handle, Target), Is.False);
        Assert.That(_book.IsRightlyHeld(s_handle, Target), Is.False);
        Assert.That(_book.WasAliveSince(before, s_handle, Target), Is.True, "it was alive when the call began");
        Assert.That(_book.WasAliveSince(_book.Before(s_handle), s_handle, Target), Is.False, "it had ended when the call began");
    }

    [Test]
    public void A_judge_waits_for_an_owner_that_is_behind()
    {
        var book = new IssueBook(10, TimeSpan.FromHours(1));
        var before = book.Before(s_handle);
        using var owner = new OtherThread(() => book.Issue(s_handle, Target), join: false);
        Assert.That(book.IsRightlyHeld(s_handle, Target), Is.True);
        Assert.That(book.WasAliveSince(before, s_handle, Target), Is.True);
    }

    [Test]
    public void A_life_that_began_and_ended_during_a_call_counts()
    {
        var before = _book.Before(s_handle);
        var next = Forged.From(5, 101);
        _book.Issue(next, Target);
        _book.TryEnd(next, Target);
        Assert.That(_book.WasAliveSince(before, next, Target), Is.True);
        _book.Issue(Forged.From(5, 102), Target);
        Assert.That(_book.WasAliveSince(before, next, Target), Is.True);
    }
}
