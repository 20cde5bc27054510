using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// One transaction of a catalog. The caller decides on <see cref="State"/>, tries to commit, and decides again where another
/// transaction came first.
/// </summary>
internal sealed class CatalogUpdate
{
    private readonly Catalog _catalog;
    private readonly RunId? _runId;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly RecordAppender _appender;

    internal CatalogUpdate(Catalog catalog, CatalogState state, RunId? runId)
    {
        _catalog = catalog;
        _runId = runId;
        State = state;
        _appender = catalog.BeginAppend(state, _id);
    }

    /// <summary>The newest state that was read.</summary>
    public CatalogState State { get; }

    /// <inheritdoc cref="RecordAppender.NextKey"/>
    public string NextKey => _appender.NextKey;

    /// <summary>Tries to commit actions that were decided on <see cref="State"/>.</summary>
    /// <returns>True if they are committed, and the state includes them. False if another transaction came first: the state
    /// includes that one now, and the actions must be decided again.</returns>
    /// <exception cref="StoreUnavailableException">Other writers came first too many times.</exception>
    public async Task<bool> TryCommitAsync(IReadOnlyList<CatalogAction> actions, CancellationToken cancellationToken)
    {
        var transaction = new CatalogTransaction
        {
            Number = State.LastTransaction + 1,
            Id = _id,
            Name = State.Name,
            At = Timestamp.Now(),
            By = Author.Current,
            RunId = _runId,
            Previous = State.LastDigest,
            Actions = actions,
        };
        try
        {
            if (!await _appender.TryAppendAsync(transaction.Encode(), cancellationToken).ConfigureAwait(false))
                return false;
        }
        finally
        {
            // Also after an error: the transaction may be committed.
            Catalog.CountCommit();
        }
        await _catalog.SaveAsync(State, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
