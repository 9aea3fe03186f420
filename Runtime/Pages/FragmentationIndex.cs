namespace FolioRuntime.Pages;

/// <summary>
/// Why an allocation of an order would fail. Source: Linux <c>__fragmentation_index</c> (mm/vmstat.c), in whole
/// thousandths as there.
/// </summary>
internal static class FragmentationIndex
{
    /// <summary>
    /// -1: it would succeed. Towards 0: it would fail for lack of memory. Towards 1: it would fail because free memory lies in
    /// pieces.
    /// </summary>
    public static double Of(int order, ReadOnlySpan<int> freeBlocksByOrder)
    {
        long blocks = 0;
        long frames = 0;
        for (var i = 0; i < freeBlocksByOrder.Length; i++)
        {
            if (i >= order && freeBlocksByOrder[i] != 0)
                return -1;
            blocks += freeBlocksByOrder[i];
            frames += (long)freeBlocksByOrder[i] << i;
        }

        if (blocks == 0)
            return 0;
        var thousandths = 1000 - ((1000 + (frames * 1000 / (1L << order))) / blocks);
        return thousandths / 1000.0;
    }
}
