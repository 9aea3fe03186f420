using System.Globalization;
using System.Text;

namespace FolioRuntime.Slabs;

/// <summary>
/// The bytes of one slot with what debugging puts into them, painted and checked. The bytes are Linux's (<c>poison.h</c>).
/// <code>
///              | left zone | object              | right zone |
///   free       | bb bb bb  | 6b 6b 6b … 6b 6b a5 | bb bb bb   |     the object: with poison only
///   rented     | cc cc cc  | 5a 5a 5a … 5a 5a 5a | cc cc cc   |     … and then it is its owner's
/// </code>
/// </summary>
/// <param name="bytes">The whole slot. The caller holds it, or the latch under which it is painted.</param>
/// <param name="objectOffsetBytes">Where the object begins.</param>
/// <param name="sizeBytes">Bytes of the object.</param>
/// <param name="zones">Whether what is around the object is red zone.</param>
/// <param name="poison">Whether a free object holds the pattern.</param>
internal readonly ref struct SlotMemory(Span<byte> bytes, int objectOffsetBytes, int sizeBytes, bool zones, bool poison)
{
    public const byte Free = 0x6b;
    public const byte FreeEnd = 0xa5;
    public const byte Uninitialized = 0x5a;
    public const byte ZoneOfFree = 0xbb;
    public const byte ZoneOfRented = 0xcc;

    private const int BytesALine = 16;

    private readonly Span<byte> _bytes = bytes;
    private readonly int _objectOffsetBytes = objectOffsetBytes;
    private readonly int _sizeBytes = sizeBytes;
    private readonly bool _zones = zones;
    private readonly bool _poison = poison;

    private int EndOfObject => _objectOffsetBytes + _sizeBytes;

    public void PaintRented()
    {
        PaintZones(ZoneOfRented);
        if (_poison)
            _bytes[_objectOffsetBytes..EndOfObject].Fill(Uninitialized);
    }

    public void PaintFree()
    {
        PaintZones(ZoneOfFree);
        if (!_poison)
            return;
        _bytes[_objectOffsetBytes..EndOfObject].Fill(Free);
        _bytes[EndOfObject - 1] = FreeEnd;
    }

    /// <summary>The first damage, if there is any: left zone, right zone, object.</summary>
    public bool TryFindDamage(uint index, bool rented, out SlabDamage damage)
    {
        var zone = rented ? ZoneOfRented : ZoneOfFree;
        if (_zones && (TryFind("left red zone", 0, _objectOffsetBytes, zone, index, out damage) || TryFind("right red zone", EndOfObject, _bytes.Length, zone, index, out damage)))
            return true;
        if (!rented && _poison)
        {
            return TryFind("free object", _objectOffsetBytes, EndOfObject - 1, Free, index, out damage)
                || TryFind("free object", EndOfObject - 1, EndOfObject, FreeEnd, index, out damage);
        }

        damage = default;
        return false;
    }

    private void PaintZones(byte zone)
    {
        if (!_zones)
            return;
        _bytes[.._objectOffsetBytes].Fill(zone);
        _bytes[EndOfObject..].Fill(zone);
    }

    private bool TryFind(string place, int start, int end, byte expected, uint index, out SlabDamage damage)
    {
        damage = default;
        var part = _bytes[start..end];
        var first = part.IndexOfAnyExcept(expected);
        if (first < 0)
            return false;
        var last = part.LastIndexOfAnyExcept(expected) + start - _objectOffsetBytes;
        var found = part[first];
        first += start - _objectOffsetBytes;
        damage = new SlabDamage(
            index,
            string.Create(CultureInfo.InvariantCulture, $"{place} overwritten from offset {first} to {last} of the object, first byte 0x{found:x2} instead of 0x{expected:x2}"),
            Dump(first));
        return true;
    }

    // The line with the byte, counted from the object's start, the one before and the one after.
    private string Dump(int offset)
    {
        var line = (int)Math.Floor((double)offset / BytesALine);
        var text = new StringBuilder();
        for (var start = (line - 1) * BytesALine; start <= (line + 1) * BytesALine; start += BytesALine)
        {
            var from = Math.Max(start, -_objectOffsetBytes);
            var to = Math.Min(start + BytesALine, _bytes.Length - _objectOffsetBytes);
            if (from >= to)
                continue;
            text.Append(text.Length == 0 ? "" : "\n").Append(CultureInfo.InvariantCulture, $"{from,6}:");
            for (var i = from; i < to; i++)
                text.Append(CultureInfo.InvariantCulture, $" {_bytes[_objectOffsetBytes + i]:x2}");
        }

        return text.ToString();
    }
}
