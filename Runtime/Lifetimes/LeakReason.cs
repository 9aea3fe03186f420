namespace FolioRuntime.Lifetimes;

/// <summary>Why an object is taken for leaked.</summary>
public enum LeakReason
{
    /// <summary>The collector found its owner unreachable: nobody can return it any more.</summary>
    Unreachable,

    /// <summary>It has been out for longer than its cache allows. It may be returned yet.</summary>
    TooOld,

    /// <summary>It was out when everything should have been back.</summary>
    NotReturned,
}
