namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>What an object pool held at one moment, and has done. Exact when the pool is quiet; otherwise each number is right for some recent moment.</summary>
public sealed record SlabObjectPoolStatistics
{
    /// <summary>The pool's name.</summary>
    public required string Name { get; init; }

    /// <summary>Most objects that it keeps.</summary>
    public required int MaximumRetained { get; init; }

    /// <summary>Objects that wait for a user.</summary>
    public required long Idle { get; init; }

    /// <summary>Objects with users.</summary>
    public required long Out { get; init; }

    /// <summary>Calls of <see cref="SlabObjectPool{T}.GetAsync"/> that wait for an object.</summary>
    public required long Waiting { get; init; }

    /// <summary>Objects that the policy ever made.</summary>
    public required long Created { get; init; }

    /// <summary>Of these, those made beyond the most that are kept, or without memory for a slot: dropped when returned.</summary>
    public required long Unpooled { get; init; }

    /// <summary>Objects dropped when they were returned: unpooled ones, those that the policy refused, and late ones of a disposed pool.</summary>
    public required long Dropped { get; init; }

    /// <summary>Idle objects dropped by trims.</summary>
    public required long Trimmed { get; init; }

    /// <summary>Objects that were never returned and became garbage. Their places are free again.</summary>
    public required long Lost { get; init; }

    /// <summary>Gets that found all objects of a bounded pool out, and did not wait.</summary>
    public required long Rejected { get; init; }
}
