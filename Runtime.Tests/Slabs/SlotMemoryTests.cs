using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>The bytes around an object: what is painted where, and how damage is shown.</summary>
public sealed class SlotMemoryTests
{
    private const int OffsetBytes = 8;
    private const int SizeBytes = 40;
    private const int SlotBytes = 56;

    [Test]
    public void What_is_painted_is_what_the_options_say([Values] bool zones, [Values] bool poison)
    {
        var bytes = new byte[SlotBytes];
        var memory = new SlotMemory(bytes, OffsetBytes, SizeBytes, zones, poison);
        memory.PaintRented();
        RequirePainted(zones ? SlotMemory.ZoneOfRented : (byte)0, poison ? SlotMemory.Uninitialized : (byte)0, poison ? SlotMemory.Uninitialized : (byte)0);
        Assert.That(memory.TryFindDamage(1, rented: true, out _), Is.False);

        memory.PaintFree();
        var untouched = poison ? SlotMemory.Uninitialized : (byte)0;
        RequirePainted(zones ? SlotMemory.ZoneOfFree : (byte)0, poison ? SlotMemory.Free : untouched, poison ? SlotMemory.FreeEnd : untouched);
        Assert.That(memory.TryFindDamage(1, rented: false, out _), Is.False);

        void RequirePainted(byte zone, byte inside, byte end)
        {
            Assert.That(bytes[..OffsetBytes].Concat(bytes[(OffsetBytes + SizeBytes)..]), Is.All.EqualTo(zone));
            Assert.That(bytes[OffsetBytes..(OffsetBytes + SizeBytes - 1)], Is.All.EqualTo(inside));
            Assert.That(bytes[OffsetBytes + SizeBytes - 1], Is.EqualTo(end));
        }
    }

    [TestCase(-8, "    -8: cc cc cc cc cc cc cc cc|     0: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a")]
    [TestCase(
        40,
        "    16: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a|    32: 5a 5a 5a 5a 5a 5a 5a 5a cc cc cc cc cc cc cc cc")]
    public void Damage_is_shown_with_the_line_before_and_the_line_after(int offset, string dump)
    {
        var bytes = new byte[SlotBytes];
        var memory = new SlotMemory(bytes, OffsetBytes, SizeBytes, zones: true, poison: true);
        memory.PaintRented();
        bytes[OffsetBytes + offset] = 0x11;
        Assert.That(memory.TryFindDamage(9, rented: true, out var damage), Is.True);
        var at = (offset + 8) % 16 == 0 ? dump.IndexOf("cc", StringComparison.Ordinal) : dump.LastIndexOf("5a cc", StringComparison.Ordinal) + 3;
        Assert.That(damage.Dump.Split('\n'), Is.EqualTo((dump[..at] + "11" + dump[(at + 2)..]).Split('|')));
        Assert.That((damage.Index, damage.What), Is.EqualTo((9u, $"{(offset < 0 ? "left" : "right")} red zone overwritten from offset {offset} to {offset} of the object, first byte 0x11 instead of 0xcc")));
    }

    [Test]
    public void Damage_in_the_middle_is_shown_with_three_lines()
    {
        var bytes = new byte[SlotBytes];
        var memory = new SlotMemory(bytes, OffsetBytes, SizeBytes, zones: false, poison: true);
        memory.PaintFree();
        bytes[OffsetBytes + 20] = 0;
        bytes[OffsetBytes + 22] = 1;
        Assert.That(memory.TryFindDamage(9, rented: false, out var damage), Is.True);
        Assert.That(damage.What, Is.EqualTo("free object overwritten from offset 20 to 22 of the object, first byte 0x00 instead of 0x6b"));
        Assert.That(string.Concat(damage.Dump.Split('\n').Select(line => line[..7])), Is.EqualTo("     0:    16:    32:"));
    }
}
