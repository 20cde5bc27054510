using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>
/// Log of one version that several writers make together: contributions, then a seal, then a record of completion. Each record
/// is a key with the next number, created if absent. So a contribution is either before the seal, and part of the version, or
/// its writer finds the seal and gets an error.
/// </summary>
public sealed class DistributedLog
{
    private RecordLog _log;

    // Whether the name may lead to an artifact with another key. It is looked up only if the log with its own key is empty.
    private bool _mayLeadElsewhere;

    public DistributedLog(VersionStore store, ArtifactName name, DistributedId id)
        : this(store, ArtifactKey.Of(name), name, id) => _mayLeadElsewhere = true;

    /// <summary>Opens the log of the artifact with a key.</summary>
    /// <param name="name">Name of the artifact, for messages.</param>
    internal DistributedLog(VersionStore store, ArtifactKey key, ArtifactName name, DistributedId id)
    {
        Store = store;
        Name = name;
        Id = id;
        _log = Open(key);
    }

    public VersionStore Store { get; }

    /// <summary>Name of the artifact.</summary>
    public ArtifactName Name { get; }

    /// <summary>The distributed id.</summary>
    public DistributedId Id { get; }

    /// <summary>Lists all distributed ids of an artifact, sorted, including completed ones.</summary>
    public static async Task<(ArtifactKey Artifact, IReadOnlyList<DistributedId> Ids)> ListIdsAsync(
        VersionStore store,
        ArtifactName name,
        CancellationToken cancellationToken
    )
    {
        var key = ArtifactKey.Of(name);
        if (await ListIdsAsync(store, key, cancellationToken).ConfigureAwait(false) is { Count: > 0 } own)
            return (key, own);
        var artifact = await store.OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        return artifact.Key == key
            ? (key, [])
            : (artifact.Key, await ListIdsAsync(store, artifact.Key, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Lists the artifacts that have distributed ids, sorted by their keys, with the ids of each.</summary>
    public static async IAsyncEnumerable<(ArtifactKey Artifact, IReadOnlyList<DistributedId> Ids)> ListAsync(
        VersionStore store,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var artifact in await store.ListKeysAsync(cancellationToken).ConfigureAwait(false))
            if (await ListIdsAsync(store, artifact, cancellationToken).ConfigureAwait(false) is { Count: > 0 } ids)
                yield return (artifact, ids);
    }

    private static async Task<IReadOnlyList<DistributedId>> ListIdsAsync(
        VersionStore store,
        ArtifactKey artifact,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await store
                    .ListFoldersAsync(StoreLayout.DistributedFolder(artifact), _ => true, cancellationToken)
                    .ConfigureAwait(false)
            ).Select(DistributedId.Parse),
        ];

    /// <summary>Reads the current state.</summary>
    /// <exception cref="ObjectCorruptException">A record is damaged.</exception>
    /// <exception cref="LogIncompleteException">A record is missing, but later ones exist.</exception>
    public async Task<DistributedState> ReadAsync(CancellationToken cancellationToken)
    {
        var state = new DistributedState();
        await CatchUpAsync(state, cancellationToken).ConfigureAwait(false);
        return state;
    }

    /// <summary>Reads the end of the log, in a constant number of reads.</summary>
    /// <exception cref="ObjectCorruptException">The last record is damaged.</exception>
    /// <exception cref="LogIncompleteException">A record is missing, but later ones exist.</exception>
    internal async Task<DistributedTail> ReadTailAsync(CancellationToken cancellationToken)
    {
        var tail = new DistributedTail();
        await CatchUpAsync(tail, cancellationToken).ConfigureAwait(false);
        return tail;
    }

    private async Task CatchUpAsync(RecordLog.IState state, CancellationToken cancellationToken)
    {
        await _log.CatchUpAsync(state, cancellationToken).ConfigureAwait(false);
        if (!_mayLeadElsewhere || state.LastNumber > 0)
            return;
        _mayLeadElsewhere = false;
        var artifact = await Store.OpenCatalog(Name).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (artifact.Key == ArtifactKey.Of(Name))
            return;
        _log = Open(artifact.Key);
        await _log.CatchUpAsync(state, cancellationToken).ConfigureAwait(false);
    }

    private RecordLog Open(ArtifactKey key) =>
        new(Store.Objects, StoreLayout.DistributedLogFolder(key, Id), $"the contributions to '{Name}' under '{Id}'");

    /// <summary>Abandons all contributions to an open version.</summary>
    /// <inheritdoc cref="AbandonAsync(bool, CancellationToken)"/>
    public Task AbandonAsync(CancellationToken cancellationToken) =>
        AbandonAsync(evenIfSealed: false, cancellationToken);

    /// <summary>Abandons all contributions so far. Later contributions start a new version.</summary>
    /// <param name="evenIfSealed">Whether a sealed version may be abandoned. A process that is about to publish it may still
    /// do so.</param>
    /// <exception cref="DistributedArtifactNotFoundException">There are no contributions.</exception>
    /// <exception cref="DistributedArtifactLockedException">The version is completed, or sealed.</exception>
    public async Task AbandonAsync(bool evenIfSealed, CancellationToken cancellationToken)
    {
        var tail = await ReadTailAsync(cancellationToken).ConfigureAwait(false);
        var id = Guid.NewGuid().ToString("N");
        var append = BeginAppend(tail, id, DistributedState.AbandonedKind);
        do
        {
            if (!tail.Exists)
                throw new DistributedArtifactNotFoundException(Name, Id.ToString(), Store.Location);
            if (tail.Version is not null || tail.SealedBy is not null && !evenIfSealed)
                throw DistributedArtifactLockedException.NotAbandoned(Name, Id, tail.Version, tail.SealedBy);
        } while (!await append.TryAppendAsync(BodyOf(id), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Creates a record without effect, unless the number is taken. No writer can append under the number
    /// afterwards.</summary>
    internal async Task TakeNumberAsync(long number, CancellationToken cancellationToken)
    {
        if (await _log.IsInSegmentAsync(number, cancellationToken).ConfigureAwait(false))
            return;
        var record = DistributedAppend.Encode(number, DistributedState.VoidKind, BodyOf(Guid.NewGuid().ToString("N")));
        await _log.TryCreateAsync(number, record, cancellationToken).ConfigureAwait(false);
    }

    private static JObject BodyOf(string id) =>
        new()
        {
            ["id"] = id,
            ["at"] = Timestamp.Format(Timestamp.Now()),
            ["by"] = Author.Current,
        };

    /// <summary>Begins to append a record.</summary>
    /// <param name="state">State of this log. Each attempt that fails brings it up to date.</param>
    /// <param name="id">Id of the record, which is also in its body.</param>
    /// <param name="kind">Kind of the record.</param>
    internal DistributedAppend BeginAppend(RecordLog.IState state, string id, string kind) =>
        new(_log.BeginAppend(state, id), state, kind);

    internal DistributedArtifactLockedException Locked(DistributedTail tail) => Locked(tail.Version, tail.SealedBy);

    /// <param name="version">Number of the published version; null if it is only sealed.</param>
    /// <param name="sealedBy">Author of the seal; null if that is not known.</param>
    internal DistributedArtifactLockedException Locked(int? version, string? sealedBy) =>
        new(
            Name,
            Id,
            version is { } number
                ? $"it was completed as {ArtifactReference.To(Name, number)}"
                : $"it was sealed by {sealedBy}. Complete-DistributedArtifact finishes it, and Remove-DistributedArtifact "
                    + "-Force discards it"
        );
}

/// <summary>One record to append to a <see cref="DistributedLog"/>; see <see cref="RecordAppender"/>.</summary>
internal sealed class DistributedAppend(RecordAppender appender, RecordLog.IState state, string kind)
{
    /// <inheritdoc cref="RecordAppender.NextKey"/>
    public string NextKey => appender.NextKey;

    /// <inheritdoc cref="RecordAppender.TryAppendAsync"/>
    /// <param name="body">The record's body, decided on the state as it is now.</param>
    /// <param name="cancellationToken">Cancels the attempt; an appended record stays.</param>
    public Task<bool> TryAppendAsync(JObject body, CancellationToken cancellationToken) =>
        appender.TryAppendAsync(Encode(state.LastNumber + 1, kind, body), cancellationToken);

    /// <summary>Encodes a record.</summary>
    public static byte[] Encode(long number, string kind, JObject body) =>
        SealedRecord.Encode(
            new JObject
            {
                ["number"] = number,
                ["kind"] = kind,
                ["body"] = body,
            }
        );
}
