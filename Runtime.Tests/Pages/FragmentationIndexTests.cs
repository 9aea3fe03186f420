using FolioRuntime.Pages;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>Values worked out by hand from the kernel's formula.</summary>
public class FragmentationIndexTests
{
    [TestCase(0, new[] { 1, 0, 0 }, -1.0)]
    [TestCase(2, new[] { 0, 0, 3 }, -1.0)]
    [TestCase(1, new[] { 0, 0, 3 }, -1.0)]
    [TestCase(0, new[] { 0, 0, 0 }, 0.0)]
    [TestCase(2, new[] { 4, 0, 0 }, 0.5, Description = "4 frames in 4 pieces: 1000 - (1000 + 1000) / 4")]
    [TestCase(2, new[] { 100, 0, 0 }, 0.74, Description = "much, in pieces: 1000 - (1000 + 25000) / 100")]
    [TestCase(2, new[] { 1, 0, 0 }, -0.25, Description = "too little at all: 1000 - (1000 + 250) / 1")]
    public void IsTheKernels(int order, int[] blocks, double expected) =>
        Assert.That(FragmentationIndex.Of(order, blocks), Is.EqualTo(expected).Within(1e-9));
}
