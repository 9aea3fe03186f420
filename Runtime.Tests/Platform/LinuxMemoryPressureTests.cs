using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Platform;

/// <summary>What is made of the files of control groups and of pressure stall information: right ones, wrong ones and none.</summary>
public sealed class LinuxMemoryPressureTests
{
    private const string Calm = "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";

    private string _root = null!;

    [SetUp]
    public void MakeRoot() => _root = Directory.CreateTempSubdirectory("pressure").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(_root, recursive: true);

    [Test]
    public void Without_any_file_nothing_is_short() => RequireSigns(MemoryPressureSigns.None);

    [TestCase("max", "max", "900", "", MemoryPressureSigns.None, TestName = "{m}(no limit)")]
    [TestCase("max", "1000", "899", "", MemoryPressureSigns.None, TestName = "{m}(below)")]
    [TestCase("max", "1000", "900", "", MemoryPressureSigns.ControlGroup, TestName = "{m}(near max)")]
    [TestCase("1000", "max", "900", "", MemoryPressureSigns.ControlGroup, TestName = "{m}(near high)")]
    [TestCase("1000", "2000", "900", "", MemoryPressureSigns.ControlGroup, TestName = "{m}(the lower of both)")]
    [TestCase("2000", "1000", "950", "", MemoryPressureSigns.ControlGroup, TestName = "{m}(the lower is max)")]
    [TestCase("max", "1000", "950", "anon 1\ninactive_file 60\nactive_file 5\n", MemoryPressureSigns.None, TestName = "{m}(page cache would go first)")]
    [TestCase("max", "1000", "950", "inactive_file 40\n", MemoryPressureSigns.ControlGroup, TestName = "{m}(and is not enough)")]
    [TestCase("max", "1000", "950", "inactive_file many\n", MemoryPressureSigns.ControlGroup, TestName = "{m}(malformed stat)")]
    [TestCase("max", "0", "0", "", MemoryPressureSigns.ControlGroup, TestName = "{m}(a limit of nothing)")]
    [TestCase("", "1000", "1000", "", MemoryPressureSigns.ControlGroup, TestName = "{m}(empty high)")]
    [TestCase("-5", "lots", "1000", "", MemoryPressureSigns.None, TestName = "{m}(malformed limits)")]
    [TestCase("99999999999999999999999", "max", "1000", "", MemoryPressureSigns.None, TestName = "{m}(a limit too large to say)")]
    [TestCase("1000", "1000", "0x3E8", "", MemoryPressureSigns.None, TestName = "{m}(malformed current)")]
    public void A_group_close_to_its_limit_is_short(string high, string max, string current, string stat, object expected)
    {
        Write("proc/self/cgroup", "0::/service\n");
        WriteGroup("service", high, max, current);
        Write("sys/fs/cgroup/service/memory.stat", stat);
        RequireSigns(expected);
    }

    [Test]
    public void The_groups_above_count_too()
    {
        Write("proc/self/cgroup", "12:memory:/old\n0::/slice/service\n");
        WriteGroup("slice/service", "max", "max", "10");
        WriteGroup("slice", "max", "100", "95");
        RequireSigns(MemoryPressureSigns.ControlGroup);
    }

    [Test]
    public void In_a_name_space_of_its_own_the_group_is_the_root()
    {
        Write("proc/self/cgroup", "0::/\n");
        WriteGroup("", "max", "100", "95");
        RequireSigns(MemoryPressureSigns.ControlGroup);
    }

    [TestCase("")]
    [TestCase("\n\n")]
    [TestCase("0::relative\n")]
    [TestCase("0::/../service\n")]
    [TestCase("1:memory:/service\n")]
    [TestCase("0::/ser\0vice\n")]
    [TestCase("0::/elsewhere\n")]
    [TestCase("nothing like it")]
    public void A_group_that_isnt_told_or_isnt_there_sets_no_limit(string own)
    {
        Write("proc/self/cgroup", own);
        WriteGroup("service", "max", "100", "95");
        RequireSigns(MemoryPressureSigns.None);
    }

    [Test]
    public void What_cant_be_read_as_a_file_sets_no_limit()
    {
        Write("proc/self/cgroup", "0::/service\n");
        foreach (var name in (string[])["memory.current", "memory.high", "memory.max", "memory.stat", "memory.pressure"])
            Directory.CreateDirectory(Path.Combine(_root, "sys/fs/cgroup/service", name));
        Directory.CreateDirectory(Path.Combine(_root, "proc/pressure/memory"));
        RequireSigns(MemoryPressureSigns.None);
    }

    [Test]
    public void A_file_larger_than_any_of_these_is_looked_at_only_as_far_as_it_matters()
    {
        Write("proc/self/cgroup", "0::/service\n");
        WriteGroup("service", "max", "1000", "950");
        Write("sys/fs/cgroup/service/memory.stat", new string('x', 1 << 20) + "\ninactive_file 900\n");
        RequireSigns(MemoryPressureSigns.ControlGroup);
    }

    [TestCase(Calm, MemoryPressureSigns.None)]
    [TestCase("some avg10=9.99 avg60=0.00 avg300=0.00 total=0\n", MemoryPressureSigns.None)]
    [TestCase("some avg10=10.00 avg60=0.00 avg300=0.00 total=0\n", MemoryPressureSigns.Stall)]
    [TestCase("full avg10=90.00 avg60=0.00 avg300=0.00 total=0\nsome avg10=95.5 avg60=0 avg300=0 total=0\n", MemoryPressureSigns.Stall)]
    [TestCase("full avg10=90.00 avg60=0.00 avg300=0.00 total=0\n", MemoryPressureSigns.None)]
    [TestCase("some avg10=much\n", MemoryPressureSigns.None)]
    [TestCase("some avg10=NaN\n", MemoryPressureSigns.None)]
    [TestCase("some\n", MemoryPressureSigns.None)]
    [TestCase("", MemoryPressureSigns.None)]
    public void Tasks_that_wait_for_memory_are_a_sign(string pressure, object expected)
    {
        Write("proc/pressure/memory", pressure);
        RequireSigns(expected);
        Write("proc/pressure/memory", Calm);
        Write("proc/self/cgroup", "0::/service\n");
        Write("sys/fs/cgroup/service/memory.pressure", pressure);
        RequireSigns(expected);
    }

    [Test]
    public void The_groups_own_stalls_count_and_not_the_machines()
    {
        Write("proc/pressure/memory", "some avg10=50.00 avg60=0.00 avg300=0.00 total=0\n");
        Write("proc/self/cgroup", "0::/service\n");
        Write("sys/fs/cgroup/service/memory.pressure", Calm);
        RequireSigns(MemoryPressureSigns.None);
    }

    [Test]
    public void Both_signs_are_told()
    {
        Write("proc/self/cgroup", "0::/service\n");
        WriteGroup("service", "max", "100", "95");
        Write("sys/fs/cgroup/service/memory.pressure", "some avg10=50.00 avg60=0.00 avg300=0.00 total=0\n");
        RequireSigns(MemoryPressureSigns.ControlGroup | MemoryPressureSigns.Stall);
    }

    [Test]
    public void This_system_can_be_asked() => Assert.DoesNotThrow(() => CollectorPressure.ForThisSystem().Read());

    [TestCase(0, 0, false)]
    [TestCase(50, 0, false)]
    [TestCase(89, 90, false)]
    [TestCase(90, 90, true)]
    public void The_collectors_load_is_high_from_its_threshold_on(long load, long threshold, bool high) =>
        Assert.That(CollectorPressure.IsHigh(load, threshold), Is.EqualTo(high));

    private void RequireSigns(object expected)
    {
        var pressure = new LinuxMemoryPressure(_root);
        Assert.That(pressure.Read(), Is.EqualTo(expected));
        Assert.That(pressure.Read(), Is.EqualTo(expected), "and again");
    }

    private void WriteGroup(string group, string high, string max, string current)
    {
        var folder = Path.Combine("sys/fs/cgroup", group);
        Write(Path.Combine(folder, "memory.high"), high + "\n");
        Write(Path.Combine(folder, "memory.max"), max + "\n");
        Write(Path.Combine(folder, "memory.current"), current + "\n");
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
