using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>C9: each error is told to each cursor once, as Linux's errseq_t has it.</summary>
public sealed class ErrorSequenceTests
{
    private readonly ErrorSequence _errors = new();

    [Test]
    public void Without_an_error_nobody_is_told()
    {
        var cursor = _errors.Sample();
        Assert.That(_errors.CheckAndAdvance(ref cursor), Is.Null);
    }

    [Test]
    public void Each_cursor_is_told_once()
    {
        var (first, second) = (_errors.Sample(), _errors.Sample());
        var error = new IOException("1");
        _errors.Record(error);
        Assert.That(_errors.CheckAndAdvance(ref first), Is.SameAs(error));
        Assert.That(_errors.CheckAndAdvance(ref first), Is.Null);
        Assert.That(_errors.CheckAndAdvance(ref second), Is.SameAs(error));
        Assert.That(_errors.CheckAndAdvance(ref second), Is.Null);
    }

    [Test]
    public void Who_comes_after_an_error_is_told_of_it_only_if_nobody_was()
    {
        _errors.Record(new IOException("1"));
        var early = _errors.Sample();
        Assert.That(_errors.CheckAndAdvance(ref early), Is.Not.Null);
        var late = _errors.Sample();
        Assert.That(_errors.CheckAndAdvance(ref late), Is.Null);
    }

    [Test]
    public void Errors_that_nobody_looks_at_are_one_and_the_last_is_told()
    {
        var cursor = _errors.Sample();
        for (var i = 0; i < 5; i++)
            _errors.Record(new IOException($"{i}"));
        Assert.That(_errors.CheckAndAdvance(ref cursor)?.Message, Is.EqualTo("4"));
        Assert.That(_errors.CheckAndAdvance(ref cursor), Is.Null);
    }

    [Test]
    public void An_error_after_one_that_was_seen_is_another()
    {
        var cursor = _errors.Sample();
        for (var i = 0; i < 5; i++)
        {
            _errors.Record(new IOException($"{i}"));
            Assert.That(_errors.CheckAndAdvance(ref cursor)?.Message, Is.EqualTo($"{i}"));
        }
    }

    [Test]
    public void Threads_that_record_and_look_miss_none()
    {
        const int Errors = 20_000;
        var told = new int[3];
        var isOver = 0;
        TestThreads.Run(4, thread =>
        {
            if (thread == 3)
            {
                for (var i = 0; i < Errors; i++)
                    _errors.Record(new IOException($"{i}"));
                Volatile.Write(ref isOver, 1);
                return;
            }

            var (cursor, wasOver) = (0ul, false);
            do
            {
                wasOver = Volatile.Read(ref isOver) != 0;
                while (_errors.CheckAndAdvance(ref cursor) is { } error)
                    told[thread] = int.Parse(error.Message, System.Globalization.CultureInfo.InvariantCulture);
            }
            while (!wasOver);
        });
        Assert.That(told, Is.All.EqualTo(Errors - 1), "the last one is told to everybody");
    }
}
