using System.Globalization;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage;

/// <summary>Names of all keys in a store. A folder's name ends in <c>/</c>.</summary>
public static class StoreLayout
{
    /// <summary>Key of the store's own record.</summary>
    public const string StoreRecord = "store.json";

    /// <summary>Folder of all objects.</summary>
    public const string Objects = "objects/";

    /// <summary>Folder of all artifacts.</summary>
    public const string Artifacts = "artifacts/";

    /// <summary>Folder of all runs.</summary>
    public const string Runs = "runs/";

    /// <summary>Folder of the log of rules for aliases.</summary>
    public const string RuleLogFolder = "rules/";

    /// <summary>Folder of the index of all content.</summary>
    public const string Index = "index/";

    /// <summary>Folder of condemned objects, one folder for each batch.</summary>
    public const string Trash = "trash/";

    /// <summary>Folder of the intents of running commits.</summary>
    public const string Intents = "intents/";

    /// <summary>Folder in which a store's files are written before they get their keys.</summary>
    public const string Staging = StagingName + "/";

    /// <summary>Folder of temporary keys in a bucket, each of one request.</summary>
    public const string Probes = "probes/";

    internal const string StagingName = "staging";
    internal const string LogName = "log";
    internal const string CheckpointsName = "checkpoints";
    internal const string VersionPagesName = "versions";
    internal const string DistributedName = "distributed";
    internal const string RunLinksName = "runs";
    internal const string AttestationsName = "attestations";

    private const string RecordEnding = ".json";
    private const int NumberDigits = 12;

    // Greater than any digit, so that segments come after single records in the order of keys.
    private const string SegmentPrefix = "s";
    private const int SegmentDigits = 9;

    // The first two digits of an object's name.
    private const int ObjectFolderLength = 3;

    /// <summary>Key of an object.</summary>
    public static string ObjectKey(Digest digest)
    {
        var hex = digest.Hex;
        return $"{Objects}{hex.Substring(0, 2)}/{hex}";
    }

    /// <summary>Whether a key is in the folder of objects.</summary>
    public static bool IsObject(string key) => key.StartsWith(Objects, StringComparison.Ordinal);

    /// <summary>Whether a key is named by the digest of its value: an object, or a segment of the index.</summary>
    public static bool IsNamedByDigest(string key) => IsObject(key) || key.StartsWith(Index, StringComparison.Ordinal);

    /// <summary>Digest that an object's key names; null for any other key.</summary>
    public static Digest? ObjectDigest(string key)
    {
        var start = Objects.Length + ObjectFolderLength;
        return key.Length > start && Digest.TryParseHex(key.AsSpan(start), out var digest) && ObjectKey(digest) == key
            ? digest
            : null;
    }

    /// <summary>Folder of a batch of condemned objects.</summary>
    public static string TrashBatchFolder(string batch) => $"{Trash}{batch}/";

    /// <summary>Key of a condemned object.</summary>
    public static string TrashKey(string batch, Digest digest) => TrashBatchFolder(batch) + digest.Hex;

    /// <summary>Batch and digest that the key of a condemned object names; null for any other key.</summary>
    public static (string Batch, Digest Digest)? TrashedObject(string key) =>
        key.StartsWith(Trash, StringComparison.Ordinal)
        && key.Substring(Trash.Length).Split('/') is [var batch, var hex]
        && Digest.TryParseHex(hex.AsSpan(), out var digest)
            ? (batch, digest)
            : null;

    /// <summary>Key of a new inventory of a batch.</summary>
    public static string NewTrashInventoryKey(string batch) =>
        $"{TrashBatchFolder(batch)}{Guid.NewGuid():N}{RecordEnding}";

    /// <summary>Batch that the key of an inventory names; null for any other key.</summary>
    public static string? BatchOfInventory(string key) =>
        key.StartsWith(Trash, StringComparison.Ordinal)
        && key.EndsWith(RecordEnding, StringComparison.Ordinal)
        && key.Substring(Trash.Length).Split('/') is [var batch, _]
            ? batch
            : null;

    /// <summary>Key of a new intent.</summary>
    public static string NewIntentKey() => $"{Intents}{Guid.NewGuid():N}{RecordEnding}";

    /// <summary>Whether a key is that of an intent.</summary>
    public static bool IsIntent(string key) =>
        key.StartsWith(Intents, StringComparison.Ordinal)
        && key.EndsWith(RecordEnding, StringComparison.Ordinal)
        && Guid.TryParseExact(
            key.Substring(Intents.Length, key.Length - Intents.Length - RecordEnding.Length),
            "N",
            out _
        );

    /// <summary>Key of a segment of the index.</summary>
    /// <param name="digest">SHA-256 of the segment.</param>
    public static string IndexSegmentKey(Digest digest) => Index + digest.Hex;

    /// <summary>Digest that the key of a segment of the index names; null for any other key.</summary>
    public static Digest? IndexSegmentDigest(string key) =>
        key.StartsWith(Index, StringComparison.Ordinal) && Digest.TryParseHex(key.AsSpan(Index.Length), out var digest)
            ? digest
            : null;

    /// <summary>Folder of everything that belongs to an artifact.</summary>
    public static string ArtifactFolder(ArtifactKey artifact) => $"{Artifacts}{artifact}/";

    /// <summary>Folder of an artifact's transactions.</summary>
    public static string LogFolder(ArtifactKey artifact) => $"{ArtifactFolder(artifact)}{LogName}/";

    /// <summary>Folder of an artifact's checkpoints.</summary>
    public static string CheckpointFolder(ArtifactKey artifact) => $"{ArtifactFolder(artifact)}{CheckpointsName}/";

    /// <summary>Folder of the pages that an artifact's checkpoints share.</summary>
    public static string VersionPageFolder(ArtifactKey artifact) => $"{ArtifactFolder(artifact)}{VersionPagesName}/";

    /// <summary>Key of a page that checkpoints share.</summary>
    /// <param name="folder">The folder of the pages.</param>
    /// <param name="digest">Digest of the page's record.</param>
    public static string VersionPageKey(string folder, Digest digest) => $"{folder}{digest.Hex}{RecordEnding}";

    /// <summary>Digest of a page that checkpoints share; null where the key is not exactly what <see cref="VersionPageKey"/>
    /// returns.</summary>
    /// <param name="key">The key.</param>
    public static Digest? VersionPageDigest(string key)
    {
        var folder = key.Substring(0, key.LastIndexOf('/') + 1);
        var length = key.Length - folder.Length - RecordEnding.Length;
        return
            length > 0
            && Digest.TryParseHex(key.AsSpan(folder.Length, length), out var digest)
            && VersionPageKey(folder, digest) == key
            ? digest
            : null;
    }

    /// <summary>Folder of the versions of an artifact that several writers make.</summary>
    public static string DistributedFolder(ArtifactKey artifact) => $"{ArtifactFolder(artifact)}{DistributedName}/";

    /// <summary>Folder of the log of one version that several writers make.</summary>
    public static string DistributedLogFolder(ArtifactKey artifact, DistributedId id) =>
        $"{DistributedFolder(artifact)}{id.Key}/{LogName}/";

    /// <summary>Folder of the links from a version to its runs.</summary>
    public static string RunLinksFolder(ArtifactKey artifact, int version) =>
        FormattableString.Invariant($"{ArtifactFolder(artifact)}{RunLinksName}/{version}/");

    /// <summary>Folder of the signatures and evidence of an artifact's versions.</summary>
    public static string AttestationsFolder(ArtifactKey artifact) => $"{ArtifactFolder(artifact)}{AttestationsName}/";

    /// <summary>Folder of the signatures and evidence of a version.</summary>
    public static string AttestationFolder(ArtifactKey artifact, int version) =>
        FormattableString.Invariant($"{AttestationsFolder(artifact)}{version}/");

    /// <summary>Key of a signature or evidence.</summary>
    /// <param name="digest">Digest of its record.</param>
    public static string AttestationKey(ArtifactKey artifact, int version, Digest digest) =>
        AttestationFolder(artifact, version) + AttestationFile(digest);

    /// <summary>Name of the file of a signature or evidence.</summary>
    public static string AttestationFile(Digest digest) => digest.Hex + RecordEnding;

    /// <summary>Digest of a signature or evidence; null where the key is not exactly what <see cref="AttestationKey"/>
    /// returns.</summary>
    public static Digest? AttestationDigest(string key) => AttestationOf(key)?.Digest;

    /// <summary>Artifact, version and digest of a signature or evidence; null for any other key.</summary>
    public static (ArtifactKey Artifact, int Version, Digest Digest)? AttestationOf(string key) =>
        key.Split('/') is ["artifacts", var folder, AttestationsName, var version, var file]
        && ArtifactKey.TryParse(folder, out var artifact)
        && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && file.EndsWith(RecordEnding, StringComparison.Ordinal)
        && Digest.TryParseHex(file.AsSpan(0, file.Length - RecordEnding.Length), out var digest)
        && AttestationKey(artifact, number, digest) == key
            ? (artifact, number, digest)
            : null;

    /// <summary>Folder of a run's records.</summary>
    public static string RunFolder(RunId id) => $"{Runs}{id.Key}/";

    /// <summary>Key of a numbered record.</summary>
    /// <param name="folder">The folder of a log or of checkpoints.</param>
    /// <param name="number">The number, from 1.</param>
    public static string NumberedKey(string folder, long number) =>
        string.Format(CultureInfo.InvariantCulture, "{0}{1:D12}{2}", folder, number, RecordEnding);

    /// <summary>Number of a record; null where the key is not exactly what <see cref="NumberedKey"/> returns.</summary>
    /// <param name="key">The key.</param>
    public static long? RecordNumber(string key) => Number(key, "", NumberDigits);

    /// <summary>Key of a segment, which contains a range of a log's records.</summary>
    /// <param name="folder">The folder of a log.</param>
    /// <param name="index">Index of the segment, from 1.</param>
    public static string LogSegmentKey(string folder, long index) =>
        string.Format(CultureInfo.InvariantCulture, "{0}{1}{2:D9}{3}", folder, SegmentPrefix, index, RecordEnding);

    /// <summary>Index of a segment; null where the key is not exactly what <see cref="LogSegmentKey"/> returns.</summary>
    /// <param name="key">The key.</param>
    public static long? LogSegmentIndex(string key) => Number(key, SegmentPrefix, SegmentDigits);

    /// <summary>Whether a folder is that of an artifact's or a distributed version's log, or of the log of rules.</summary>
    /// <param name="folder">The folder, ending in <c>/</c>.</param>
    public static bool IsLogFolder(string folder) =>
        folder == RuleLogFolder
        || folder.Split('/') is ["artifacts", _, LogName, ""] or ["artifacts", _, DistributedName, _, LogName, ""];

    /// <summary>Version that a link between a run and a version names; null for any other key.</summary>
    /// <param name="key">Key of the link, below the artifact or below the run.</param>
    public static int? RunLinkVersion(string key)
    {
        var text = key.Split('/') switch
        {
            ["artifacts", _, RunLinksName, var version, "inputs" or "outputs", _] => version,
            ["runs", _, "inputs" or "outputs", _, var name]
                when name.EndsWith(RecordEnding, StringComparison.Ordinal) => name.Substring(
                0,
                name.Length - RecordEnding.Length
            ),
            _ => "",
        };
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Artifact whose log has a key; null where the key is not that of a transaction or segment.</summary>
    /// <param name="key">The key.</param>
    public static ArtifactKey? LogKeyOwner(string key) =>
        key.StartsWith(Artifacts, StringComparison.Ordinal)
        && key.Substring(Artifacts.Length).Split('/') is [var folder, LogName, _]
        && ArtifactKey.TryParse(folder, out var artifact)
        && (RecordNumber(key) ?? LogSegmentIndex(key)) is not null
            ? artifact
            : null;

    /// <summary>Artifact and number of a transaction; null for any other key.</summary>
    public static (ArtifactKey Artifact, long Number)? Transaction(string key) =>
        RecordNumber(key) is { } number && LogKeyOwner(key) is { } artifact ? (artifact, number) : null;

    /// <summary>Artifact, distributed id and number of a record in the log of a version that several writers make; null for any
    /// other key.</summary>
    public static (ArtifactKey Artifact, DistributedId Id, long Number)? DistributedRecord(string key) =>
        key.StartsWith(Artifacts, StringComparison.Ordinal)
        && key.Substring(Artifacts.Length).Split('/') is [var folder, DistributedName, var idFolder, LogName, _]
        && RecordNumber(key) is { } number
        && ArtifactKey.TryParse(folder, out var artifact)
        && DistributedId.TryParseKey(idFolder, out var id)
            ? (artifact, id, number)
            : null;

    private static long? Number(string key, string prefix, int digits)
    {
        var start = key.LastIndexOf('/') + 1;
        var name = key.Substring(start);
        return
            name.Length == prefix.Length + digits + RecordEnding.Length
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && name.EndsWith(RecordEnding, StringComparison.Ordinal)
            && long.TryParse(
                name.Substring(prefix.Length, digits),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            && number > 0
            ? number
            : null;
    }
}
