using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

/// <summary>Every length that takes a path of its own, and the bytes on either side of the destination.</summary>
public class ContentCopyTests
{
    [Test]
    public void CopiesThatManyBytesAndNoOthers([Range(0, 70)] int lengthBytes)
    {
        const int margin = 40;
        var source = new byte[lengthBytes + (2 * margin)];
        Random.Shared.NextBytes(source);
        var destination = new byte[source.Length];
        Random.Shared.NextBytes(destination);
        var expected = destination.ToArray();
        source.AsSpan(margin, lengthBytes).CopyTo(expected.AsSpan(margin));

        ContentCopy.Copy(source.AsSpan(margin, lengthBytes), destination.AsSpan(margin, lengthBytes));

        Assert.That(destination, Is.EqualTo(expected));
    }

    [Test]
    public void WhatIsHeldIsStoredAsItWasWhenItWasRead([Range(0, 70)] int lengthBytes)
    {
        const int margin = 40;
        Assert.That(ShortContent.Fits(lengthBytes), Is.EqualTo(lengthBytes is >= 16 and <= 64));
        if (!ShortContent.Fits(lengthBytes))
            return;
        var source = new byte[lengthBytes + (2 * margin)];
        Random.Shared.NextBytes(source);
        var destination = new byte[source.Length];
        Random.Shared.NextBytes(destination);
        var expected = destination.ToArray();
        source.AsSpan(margin, lengthBytes).CopyTo(expected.AsSpan(margin));

        var held = ShortContent.Load(source.AsSpan(margin, lengthBytes));
        Array.Clear(source);
        held.Store(destination.AsSpan(margin, lengthBytes));

        Assert.That(destination, Is.EqualTo(expected));
    }
}
