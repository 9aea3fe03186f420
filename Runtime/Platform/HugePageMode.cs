namespace FolioRuntime.Platform;

/// <summary>What pages of 2 MiB a runtime asks the system for, which spare the processor look-ups of addresses. With any of them memory goes back in whole 2 MiB only.</summary>
public enum HugePageMode
{
    /// <summary>None: whatever the system does by itself.</summary>
    Off,

    /// <summary>
    /// The system is asked to make the pages huge where and when it can. Linux: <c>MADV_HUGEPAGE</c>; elsewhere nothing happens.
    /// </summary>
    Transparent,

    /// <summary>
    /// Pages that the administrator has set aside (<c>vm.nr_hugepages</c>), taken area by area as memory is committed. An area for which there are not enough is
    /// as with <see cref="Transparent"/>, and counted in <see cref="Pages.PageStatistics.HugeAreasRefused"/>. They go back with a trim of <see cref="TrimLevel.All"/>, when memory is short and at the end, and ordinary ones take
    /// their place; not because they lie idle. Linux from 5.16 on: <c>MAP_HUGETLB</c>; elsewhere all areas are refused.
    /// </summary>
    Explicit,
}
