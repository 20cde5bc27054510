namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Something in a store that isn't as it was written, and what to do about it.</summary>
public sealed record StoreProblem
{
    public required ProblemSeverity Severity { get; init; }

    public required StoreProblemKind Kind { get; init; }

    /// <summary>The key that it is about.</summary>
    public required string Key { get; init; }

    /// <summary>What was found, in words.</summary>
    public required string Message { get; init; }

    /// <summary>What to do.</summary>
    public required string Remedy { get; init; }

    /// <summary>The versions that are touched, such as <c>mnist:v3</c>.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>Some of the entries of these versions that are touched.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>How many entries are touched.</summary>
    public long PathCount { get; init; }

    /// <summary>The store's location.</summary>
    public required string Store { get; init; }
}

/// <summary>How bad a problem is.</summary>
public enum ProblemSeverity
{
    /// <summary>Nothing that was published is lost.</summary>
    Warning,

    /// <summary>Something is lost, or would be before long.</summary>
    Error,
}

/// <summary>What is wrong.</summary>
public enum StoreProblemKind
{
    /// <summary>The store has content, but no <c>store.json</c>.</summary>
    StoreRecordMissing,

    /// <summary><c>store.json</c> can't be read.</summary>
    StoreRecordDamaged,

    /// <summary>One or more transactions of an artifact are gone, though later ones, or a checkpoint, are there.</summary>
    TransactionMissing,

    /// <summary>A transaction of an artifact can't be read, or doesn't fit those before it.</summary>
    TransactionDamaged,

    /// <summary>A checkpoint can't be read.</summary>
    CheckpointDamaged,

    /// <summary>A checkpoint says something else than the transactions.</summary>
    CheckpointWrong,

    /// <summary>A page of a manifest can't be read.</summary>
    PageDamaged,

    /// <summary>The list of a large file's chunks can't be read.</summary>
    ChunkListDamaged,

    /// <summary>An object that is needed isn't there.</summary>
    ObjectMissing,

    /// <summary>An object is shorter than what is in it.</summary>
    ObjectTruncated,

    /// <summary>An object's bytes are not those that its name is the SHA-256 of.</summary>
    ObjectDamaged,

    /// <summary>An object is there, and the medium fails where it is read.</summary>
    ObjectUnreadable,

    /// <summary>Records of a version that several writers make are gone.</summary>
    ContributionMissing,

    /// <summary>A record of a version that several writers make can't be read.</summary>
    ContributionDamaged,

    /// <summary>A run has an end and no start.</summary>
    RunRecordMissing,

    /// <summary>A record of a run can't be read.</summary>
    RunRecordDamaged,

    /// <summary>A key that the module doesn't write.</summary>
    UnexpectedKey,
}
