using FolioRuntime.Exploration.Engine;

namespace FolioRuntime.Tests.Exploration;

/// <summary>Peterson's lock for two threads, tried once each: right where memory is sequential, and elsewhere only with fences between its steps.</summary>
internal static class PetersonScene
{
    private const int Turn = 2;
    private const int Fence = 3;
    private const int Inside = 4;

    public static Scene Make(bool fenced)
    {
        var words = new Words(5);
        return new Scene(() => TryEnter(0), () => TryEnter(1)) { Close = words.Dispose };

        void TryEnter(int self)
        {
            words.Store(self, 1);
            if (fenced)
                words.Add(Fence, 0);
            words.Store(Turn, (ulong)(1 - self));
            if (fenced)
                words.Add(Fence, 0);
            if (words.Load(1 - self) == 1 && words.Load(Turn) != (ulong)self)
                return;

            // Through the seam, or the reduced search wouldn't know that it matters when.
            Requirement.That(words.Add(Inside, 1) == 1, "both inside");
            words.Add(Inside, ulong.MaxValue);
            words.Store(self, 0);
        }
    }
}
