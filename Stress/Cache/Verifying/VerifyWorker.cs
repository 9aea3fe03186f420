using FolioRuntime.Harness;
using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;
using FolioRuntime.Slabs;

namespace FolioRuntime.Caching.Verifying;

/// <summary>What one thread does, turn by turn, as its seed says: mostly reads, each of which it compares; sometimes it has a file change, pages go or memory get short.</summary>
internal sealed partial class VerifyWorker
{
    private const int MostBlocks = 768;

    private static readonly Action<PageMapping, long, byte[]> s_write = static (mapping, offset, content) => mapping.Write(offset, content);
    private static readonly Action<PageMapping, long, byte[]> s_writeAsync = static (mapping, offset, content) => mapping.WriteAsync(offset, content).AsTask().GetAwaiter().GetResult();

    private readonly VerifyScene _scene;
    private readonly IPageReader? _control;
    private readonly Judge _judge = new();
    private readonly SlabHandle[] _blocks = new SlabHandle[MostBlocks];
    private readonly byte[] _buffer = new byte[Judge.MostPages * VerifiedFile.PageBytes];
    private XorShift _random;

    public VerifyWorker(VerifyScene scene, IPageReader? control, ulong seed, int number)
    {
        _scene = scene;
        _control = control;
        _random = new XorShift(seed, number);
    }

    public VerifyTally Tally { get; } = new();

    public void Turn()
    {
        try
        {
            Act(_random.Below(100));
        }
        catch (InjectedFaultException)
        {
            Tally.FaultsMet++;
        }
        catch (OutOfMemoryException)
        {
            Tally.Refused++;
        }
        catch (ObjectDisposedException) when (_scene.IsClosing)
        {
            // The cache is disposed under its readers.
        }
#pragma warning disable CA1031 // Whatever else comes out is a fault of the cache's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Tally.Fault($"{exception.GetType().Name}: {exception.Message}");
        }

        Tally.UnjudgedBytes = _judge.UnjudgedBytes;
    }

    private void Act(int choice)
    {
        var file = _scene.Files[_random.Below(_scene.Files.Count)];
        switch (choice)
        {
            case < 15 when _control is not null:
                ReadByControl(file);
                break;
            case < 25:
                UseNodes(_scene.Nodes[_random.Below(_scene.Nodes.Count)]);
                break;
            case < 45:
                Read(ReadWay.Small, file, 1 + _random.Below(512));
                break;
            case < 57:
                Read(ReadWay.Large, file, 1 + _random.Below((Judge.MostPages - 1) * VerifiedFile.PageBytes));
                break;
            case < 72:
                ReadFolio(file);
                break;
            case < 82:
                ReadAsync(file);
                break;
            case < 85:
                Tally.Rewrites += file.TryRewrite(ChoosePage(file)) ? 1 : 0;
                break;
            case < 90:
                Tally.Writes += file.TryWrite(ChoosePage(file), _random.OnceIn(2) ? s_write : s_writeAsync) ? 1 : 0;
                break;
            case 90:
                Tally.Holes += file.TryPunch(ChoosePage(file), 1 + _random.Below(3)) ? 1 : 0;
                break;
            case < 92:
                Tally.Truncations += file.TryTruncate(ChooseLength(file)) ? 1 : 0;
                break;
            case < 95:
                file.Mapping.Invalidate(_random.Below(file.Pages.Count * VerifiedFile.PageBytes), 1 + _random.Below(4 * VerifiedFile.PageBytes));
                Tally.Invalidations++;
                break;
            case < 98:
                if (_random.OnceIn(4))
                    file.Mapping.Flush();
                else
                    _scene.Cache.Reclaim(1 + _random.Below(8));
                break;
            default:
                TakeMemory();
                break;
        }
    }

    private void UseNodes(VerifiedNodes nodes)
    {
        switch (_random.Below(10))
        {
            case < 4:
                nodes.Use(ref _random, Tally);
                break;
            case < 6:
                nodes.UseHandle(ref _random, Tally, _scene.Nodes.First(other => other != nodes));
                break;
            case < 9:
                nodes.Read(ref _random, Tally);
                break;
            default:
                nodes.DropOrClean(ref _random, Tally);
                break;
        }
    }

    // Half of all turns go to a few pages, so that threads meet.
    private int ChoosePage(VerifiedFile file) => _random.Below(_random.OnceIn(2) ? Math.Min(4, file.Pages.Count) : file.Pages.Count);

    // Mostly grown to all it had, or readers would find nothing.
    private long ChooseLength(VerifiedFile file)
    {
        var most = file.Pages.Count * VerifiedFile.PageBytes;
        return _random.OnceIn(2) ? most : _random.Below(most + 1);
    }

    /// <summary>The slab cache beside the page cache takes what it can get, writes it full, and gives it back.</summary>
    private void TakeMemory()
    {
        var wanted = 1 + _random.Below(MostBlocks);
        var taken = 0;
        while (taken < wanted && _scene.Blocks.TryRent(out _blocks[taken]))
            taken++;
        for (var i = 0; i < taken; i++)
            _scene.Blocks.BytesOf(_blocks[i]).Fill(0xA5);
        Tally.BlocksRented += taken;
        Thread.Yield();
        for (var i = 0; i < taken; i++)
            _scene.Blocks.Return(_blocks[i]);
        if (_random.OnceIn(4))
            _scene.Runtime.Trim();
    }
}
