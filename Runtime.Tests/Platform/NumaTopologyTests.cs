using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>What Linux's files say of nodes, made up in a folder of the test's own; and what this machine says.</summary>
public class NumaTopologyTests
{
    private string _root = null!;

    private string Nodes => Path.Combine(_root, "sys/devices/system/node");

    [SetUp]
    public void CreateFolder() => _root = Directory.CreateTempSubdirectory("topology").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_root, recursive: true);

    [Test]
    public void NodesWithoutMemoryAreLeftOutAndNumbersMayHaveGaps()
    {
        Write("has_memory", "0,4");
        Write("online", "0-1,4");
        Node(0, "0-1,8", "10 15 21");
        Node(1, "2-3", "15 10 31");
        Node(4, "", "21 31 10");
        var topology = LinuxNumaTopology.Read(_root);
        Assert.That(topology.NodeCount, Is.EqualTo(2));
        Assert.That((topology.SystemNumber(0), topology.SystemNumber(1)), Is.EqualTo((0, 4)));
        Assert.That((topology.Distance(0, 0), topology.Distance(0, 1), topology.Distance(1, 0), topology.Distance(1, 1)), Is.EqualTo((10, 21, 21, 10)));
        Assert.That(topology.CurrentNode, Is.InRange(0, 1));
    }

    [Test]
    public void TheNodeOfTheCallerIsThatOfItsProcessor()
    {
        Write("has_memory", "0-1");
        Write("online", "0-1");
        Node(0, "60000", "10 20");
        Node(1, "0-1023", "20 10");
        Assert.That(LinuxNumaTopology.Read(_root).CurrentNode, Is.EqualTo(1));
    }

    [TestCase("0", "0", "0-3", "10")]
    [TestCase("", "", "0-3", "10")]
    [TestCase("0-1", "0-1", "0-3", "10")]
    [TestCase("0-1", "0-1", "0-3", "10 x")]
    [TestCase("0-1", "0-1", "0-99999", "10 20")]
    [TestCase("0-1", "0-1", "3-1", "10 20")]
    [TestCase("0-1", "0", "0-1", "10 20")]
    [TestCase("0-64", "0-64", "0-1", "10 20")]
    [TestCase("0-1-2", "0-1", "0-1", "10 20")]
    [TestCase("0--1", "0-1", "0-1", "10 20")]
    [TestCase("0,99999999999", "0-1", "0-1", "10 20")]
    public void WhatMakesNoSenseIsOneNode(string withMemory, string online, string processors, string distances)
    {
        Write("has_memory", withMemory);
        Write("online", online);
        Node(0, processors, distances);
        Node(1, processors, distances);
        Assert.That(LinuxNumaTopology.Read(_root).NodeCount, Is.EqualTo(1));
    }

    [Test]
    public void WithoutFilesItIsOneNode()
    {
        Assert.That(LinuxNumaTopology.Read(_root).NodeCount, Is.EqualTo(1));
        Write("has_memory", "0-1");
        Assert.That(LinuxNumaTopology.Read(_root).NodeCount, Is.EqualTo(1));
    }

    [Test]
    public void ThisMachineHasAtLeastOneAndTheCallerIsOnOne()
    {
        var topology = VirtualMemory.TopologyOfThisSystem();
        TestContext.Out.WriteLine($"{topology.NodeCount} nodes");
        Assert.That(topology.CurrentNode, Is.InRange(0, topology.NodeCount - 1));
        Assert.That(topology.Distance(0, 0), Is.EqualTo(10));
    }

    [Test]
    public void ARangeMayPreferANodeAndIsUsableWhateverTheSystemSays()
    {
        using var region = VirtualMemory.ForThisSystem().Reserve(4 << 20, 4 << 20);
        region.Commit(0, 4 << 20);
        var listened = region.PreferNode(0, 2 << 20, VirtualMemory.TopologyOfThisSystem().SystemNumber(0));
        TestContext.Out.WriteLine($"the system listened: {listened}");
        Assert.That(region.PreferNode(2 << 20, 2 << 20, systemNode: 63), Is.False, "there is none of this number");
        region.Span(0, 4 << 20).Fill(1);
        Assert.That(region.PreferNode(0, 0, 0), Is.True);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.PreferNode(0, 4096, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.PreferNode(0, 4096, 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.PreferNode(0, 8 << 20, 0));
        region.Dispose();
        Assert.Throws<ObjectDisposedException>(() => region.PreferNode(0, 4096, 0));
    }

    private void Node(int number, string processors, string distances)
    {
        Write($"node{number}/cpulist", processors);
        Write($"node{number}/distance", distances);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(Nodes, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }
}
