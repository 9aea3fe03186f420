namespace FolioRuntime.Race.Hazards;

/// <summary>Where threads exchange items, one in each magazine.</summary>
internal interface IExchange
{
    /// <summary>Puts an item in. False: no magazine is empty.</summary>
    bool TryStow(uint item);

    /// <summary>Takes an item out; 0: there is none.</summary>
    uint Take();
}
