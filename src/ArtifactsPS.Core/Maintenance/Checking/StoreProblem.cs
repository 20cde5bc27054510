namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>A problem of a store, with its remedy.</summary>
public sealed record StoreProblem
{
    public required ProblemSeverity Severity { get; init; }

    public required StoreProblemKind Kind { get; init; }

    /// <summary>Key of the missing, damaged or unexpected data.</summary>
    public required string Key { get; init; }

    /// <summary>Description of the problem.</summary>
    public required string Message { get; init; }

    /// <summary>Action that solves the problem.</summary>
    public required string Remedy { get; init; }

    /// <summary>Affected versions, such as <c>mnist:v3</c>, sorted.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>Paths of some affected entries.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Number of affected entries.</summary>
    public long PathCount { get; init; }

    /// <summary>Location of the store.</summary>
    public required string Store { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Message}";
}

/// <summary>Severity of a problem.</summary>
public enum ProblemSeverity
{
    /// <summary>No published data is lost.</summary>
    Warning,

    /// <summary>Data is lost, or is in danger.</summary>
    Error,
}

/// <summary>Kind of a problem.</summary>
public enum StoreProblemKind
{
    /// <summary><c>store.json</c> is missing.</summary>
    StoreRecordMissing,

    /// <summary><c>store.json</c> is damaged.</summary>
    StoreRecordDamaged,

    /// <summary>Transactions of an artifact are missing, but later ones, or a checkpoint, exist.</summary>
    TransactionMissing,

    /// <summary>A transaction of an artifact is damaged.</summary>
    TransactionDamaged,

    /// <summary>A transaction of an artifact does not follow the previous one: one of them was overwritten.</summary>
    TransactionOverwritten,

    /// <summary>A transaction was overwritten, deleted or damaged, and the service keeps the older value that the log
    /// needs.</summary>
    OlderTransactionNeeded,

    /// <summary>A checkpoint is damaged.</summary>
    CheckpointDamaged,

    /// <summary>A checkpoint differs from the transactions.</summary>
    CheckpointWrong,

    /// <summary>A page of a manifest is damaged.</summary>
    PageDamaged,

    /// <summary>The list of the chunks of a large file is damaged.</summary>
    ChunkListDamaged,

    /// <summary>A needed object is missing.</summary>
    ObjectMissing,

    /// <summary>An object is shorter than its content.</summary>
    ObjectTruncated,

    /// <summary>The bytes of an object do not match its name, which is their SHA-256.</summary>
    ObjectDamaged,

    /// <summary>The storage device fails to read an object.</summary>
    ObjectUnreadable,

    /// <summary>Records of a distributed version are missing.</summary>
    ContributionMissing,

    /// <summary>A record of a distributed version is damaged.</summary>
    ContributionDamaged,

    /// <summary>Records of the rules for aliases are missing.</summary>
    RuleMissing,

    /// <summary>A record of the rules for aliases is damaged.</summary>
    RuleDamaged,

    /// <summary>A rule for an alias is not in force for an artifact.</summary>
    RuleNotApplied,

    /// <summary>A link has other content than its source.</summary>
    LinkWrong,

    /// <summary>The source of a link is not protected from deletion.</summary>
    LinkNotMarked,

    /// <summary>A link was begun, and its version was not published.</summary>
    LinkIncomplete,

    /// <summary>The start of a run is missing.</summary>
    RunRecordMissing,

    /// <summary>A record of a run is damaged.</summary>
    RunRecordDamaged,

    /// <summary>A signature or evidence of a version is damaged, or belongs to other content.</summary>
    AttestationDamaged,

    /// <summary>A segment of the index of content is damaged, or the index is incomplete.</summary>
    IndexDamaged,

    /// <summary>An inventory of condemned objects is damaged.</summary>
    InventoryDamaged,

    /// <summary>The intent of a commit is damaged.</summary>
    IntentDamaged,

    /// <summary>A key that the module never writes.</summary>
    UnexpectedKey,
}
