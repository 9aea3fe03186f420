using System.Runtime.InteropServices;
using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>All threads read pages of two files through a cache that holds a quarter of them, a few bytes at a time and many, and drop some. Whatever is read is that page of that file, and of one page only.</summary>
internal sealed class CachedFilesScene : HazardScene
{
    public const int Files = 2;
    public const int Pages = 8;
    public const int CachedPages = 4;

    private const int SmallBytes = 256;
    private const int LargeBytes = 2048;
    private const int TurnsForADrop = 8;

    private readonly ICachedFiles _files;

    public CachedFilesScene(HazardSetting setting)
        : base(setting.Referee, turnsPerRound: 64)
    {
        _files = setting.IsSubject ? new RuntimeCachedFiles(setting.Referee) : new WrongCachedFiles(setting.Line(WrongStep.CopyNotValidated));
    }

    /// <summary>What each 8 bytes of a page are.</summary>
    public static ulong ContentOf(int file, long page) => 0x9E37_79B9_7F4A_7C15 * (ulong)(((file + 1) << 16) + page + 1);

    public override void Turn(Hand hand)
    {
        Span<byte> room = stackalloc byte[LargeBytes];
        var (file, page) = (hand.Below(Files), hand.Below(Pages));
        var copy = room[..(hand.OnceIn(2) ? SmallBytes : LargeBytes)];
        hand.Operations++;
        _files.Read(file, page, copy);
        Referee.Require(!MemoryMarshal.Cast<byte, ulong>(copy).ContainsAnyExcept(ContentOf(file, page)), "a read gives bytes of another page");
        if (hand.OnceIn(TurnsForADrop))
            _files.Drop(hand.Below(Files), hand.Below(Pages));
    }

    public override void CloseRound(Hand hand)
    {
    }

    public override void Dispose() => _files.Dispose();
}
