using ArtifactsPS.Core.Catalogs.Rules;
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
    // As it was opened, by a name or a key.
    private readonly Catalog _opened;
    private readonly RunId? _runId;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private Catalog _catalog;
    private RecordAppender _appender;

    /// <param name="state">State that was read from the catalog.</param>
    /// <exception cref="ArtifactNameInUseException">The name of the catalog is reserved for another artifact.</exception>
    internal CatalogUpdate(Catalog catalog, CatalogState state, RunId? runId)
    {
        _opened = catalog;
        _runId = runId;
        (State, _catalog, _appender) = Begin(state);
    }

    /// <summary>The newest state that was read.</summary>
    public CatalogState State { get; private set; }

    /// <inheritdoc cref="RecordAppender.NextKey"/>
    public string NextKey => _appender.NextKey;

    /// <summary>Tries to commit actions that were decided on <see cref="State"/>. Rules for aliases are decided on that state,
    /// too. A refusal is recorded.</summary>
    /// <remarks>The first version of an artifact is decided on the rules of the store, and so needs an intent that was created
    /// before.</remarks>
    /// <returns>True if they are committed, and the state includes them. False if another transaction came first: the state
    /// includes that one now, and the actions must be decided again.</returns>
    /// <exception cref="AliasProtectedException">A rule refuses to move or remove an alias.</exception>
    /// <exception cref="StoreUnavailableException">Other writers came first too many times.</exception>
    public async Task<bool> TryCommitAsync(IReadOnlyList<CatalogAction> actions, CancellationToken cancellationToken)
    {
        if (State.NextVersion == 0 && actions.Any(action => action is PublishAction))
            actions =
            [
                .. await _catalog.Protection.PendingRulesAsync(State, cancellationToken).ConfigureAwait(false),
                .. actions,
            ];
        if (actions.All(action => action is RefuseAliasAction))
            return await TryRecordAsync(actions, cancellationToken).ConfigureAwait(false);
        var refusals = await _catalog
            .Protection.FindRefusalsAsync(State, actions, cancellationToken)
            .ConfigureAwait(false);
        return await TryPassAsync(refusals, cancellationToken).ConfigureAwait(false)
            && await TryAppendAsync(actions, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks changes of aliases before their actions can be committed. A refusal is recorded.</summary>
    /// <returns>False if another transaction came before the record: the state includes it now, and the changes must be decided
    /// again.</returns>
    /// <exception cref="AliasProtectedException">A rule refuses the actions.</exception>
    public async Task<bool> TryAllowAsync(IReadOnlyList<CatalogAction> actions, CancellationToken cancellationToken)
    {
        var refusals = await _catalog
            .Protection.FindRefusalsAsync(State, actions, cancellationToken)
            .ConfigureAwait(false);
        return await TryPassAsync(refusals, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="TryAllowAsync(IReadOnlyList{CatalogAction}, CancellationToken)"/>
    public async Task<bool> TryAllowAsync(AliasChanges changes, CancellationToken cancellationToken)
    {
        var refusals = await _catalog
            .Protection.FindRefusalsAsync(State, [], changes, cancellationToken)
            .ConfigureAwait(false);
        return await TryPassAsync(refusals, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TryPassAsync(IReadOnlyList<AliasRefusal> refusals, CancellationToken cancellationToken)
    {
        if (refusals.Count == 0)
            return true;
        return await TryRecordAsync(RefuseAliasAction.Of(State, refusals), cancellationToken).ConfigureAwait(false)
            ? throw new AliasProtectedException(refusals)
            : false;
    }

    // Returns false if another transaction came first. The refusal stands, even if it can't be recorded.
    private async Task<bool> TryRecordAsync(IReadOnlyList<CatalogAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            return actions.Count == 0 || await TryAppendAsync(actions, cancellationToken).ConfigureAwait(false);
        }
        catch (ArtifactsException)
        {
            // The user may lack the right to write, which is no reason to report another error.
            return true;
        }
    }

    private async Task<bool> TryAppendAsync(IReadOnlyList<CatalogAction> actions, CancellationToken cancellationToken)
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
            {
                // The name was claimed for a renamed artifact meanwhile.
                if (State.LeadsTo is not null)
                    (State, _catalog, _appender) = Begin(
                        await _opened.ReadAsync(cancellationToken).ConfigureAwait(false)
                    );
                return false;
            }
        }
        finally
        {
            // Also after an error: the transaction may be committed.
            Catalog.CountCommit();
        }
        await _catalog.SaveAsync(State, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private (CatalogState State, Catalog Catalog, RecordAppender Appender) Begin(CatalogState state)
    {
        if (_opened.OpenedName is { } name && state.LeadsTo is { } owner)
            throw ArtifactNameInUseException.ByRename(name, owner);
        var catalog = _opened.At(state.Key);
        return (state, catalog, catalog.BeginAppend(state, _id));
    }
}
