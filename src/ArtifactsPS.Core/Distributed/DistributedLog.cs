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
    private readonly RecordLog _log;

    public DistributedLog(VersionStore store, ArtifactName name, DistributedId id)
    {
        Store = store;
        Name = name;
        Id = id;
        _log = new RecordLog(
            store.Objects,
            StoreLayout.DistributedLogFolder(name, id),
            $"the contributions to '{name}' under '{id}'"
        );
    }

    public VersionStore Store { get; }

    /// <summary>Name of the artifact.</summary>
    public ArtifactName Name { get; }

    /// <summary>The distributed id.</summary>
    public DistributedId Id { get; }

    /// <summary>Lists all distributed ids of an artifact, sorted, including completed ones.</summary>
    public static async Task<IReadOnlyList<DistributedId>> ListIdsAsync(
        VersionStore store,
        ArtifactName name,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await store
                    .ListFoldersAsync(StoreLayout.DistributedFolder(name), _ => true, cancellationToken)
                    .ConfigureAwait(false)
            ).Select(DistributedId.Parse),
        ];

    /// <summary>Lists the artifacts that have distributed ids and a matching name, sorted, with the ids of each. Names are
    /// spelled as in keys.</summary>
    public static async IAsyncEnumerable<(ArtifactName Name, IReadOnlyList<DistributedId> Ids)> ListAsync(
        VersionStore store,
        Func<string, bool> matches,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var name in await store.ListNamesAsync(matches, cancellationToken).ConfigureAwait(false))
            if (await ListIdsAsync(store, name, cancellationToken).ConfigureAwait(false) is { Count: > 0 } ids)
                yield return (name, ids);
    }

    /// <summary>Reads the current state.</summary>
    /// <exception cref="ObjectCorruptException">A record is damaged.</exception>
    /// <exception cref="LogIncompleteException">A record is missing, but later ones exist.</exception>
    public async Task<DistributedState> ReadAsync(CancellationToken cancellationToken)
    {
        var state = new DistributedState();
        await _log.CatchUpAsync(state, cancellationToken).ConfigureAwait(false);
        return state;
    }

    /// <summary>Abandons all contributions so far. Later contributions start a new version.</summary>
    /// <exception cref="DistributedArtifactNotFoundException">There are no contributions.</exception>
    /// <exception cref="DistributedArtifactLockedException">The version is sealed.</exception>
    public async Task AbandonAsync(CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var id = Guid.NewGuid().ToString("N");
        var append = BeginAppend(state, id, DistributedState.AbandonedKind);
        do
        {
            if (!state.Exists)
                throw new DistributedArtifactNotFoundException(Name, Id.ToString(), Store.Location);
            if (state.Seal is not null)
                throw Locked(state);
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
    internal DistributedAppend BeginAppend(DistributedState state, string id, string kind) =>
        new(_log.BeginAppend(state, id), state, kind);

    internal DistributedArtifactLockedException Locked(DistributedState state) =>
        new(
            Name,
            Id,
            state.Version is { } version
                ? $"it was completed as {ArtifactReference.To(Name, version)}"
                : $"it was sealed by {state.Seal!.By}, and Complete-DistributedArtifact finishes it"
        );
}

/// <summary>One record to append to a <see cref="DistributedLog"/>; see <see cref="RecordAppender"/>.</summary>
internal sealed class DistributedAppend(RecordAppender appender, DistributedState state, string kind)
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
