using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>Aliases after a transaction that is not committed yet, and the versions that it changes.</summary>
internal sealed class AliasChanges
{
    private readonly CatalogState _state;
    private readonly Dictionary<AliasName, int> _after = [];
    private readonly SortedSet<int> _live;
    private readonly HashSet<int> _deleted = [];
    private readonly Dictionary<int, VersionRecord> _added = [];
    private readonly List<EditAction> _edits = [];
    private readonly Dictionary<int, IReadOnlyList<TagName>> _planned = [];

    private AliasChanges(CatalogState state)
    {
        _state = state;
        foreach (var alias in state.Aliases)
            _after.Add(alias.Key, alias.Value);
        _live = [.. state.VersionNumbers];
    }

    /// <summary>Changes by the actions of a transaction.</summary>
    public static AliasChanges Of(CatalogState state, IEnumerable<CatalogAction> actions)
    {
        var changes = new AliasChanges(state);
        foreach (var action in actions)
            changes.Apply(action);
        return changes;
    }

    /// <summary>Changes by publishing a version that has no record yet.</summary>
    public static AliasChanges OfNewVersion(
        CatalogState state,
        IEnumerable<AliasName> aliases,
        IReadOnlyList<TagName> tags
    )
    {
        var changes = new AliasChanges(state);
        changes._planned.Add(state.NextVersion, tags);
        changes._live.Add(state.NextVersion);
        foreach (var alias in aliases.Append(AliasName.Latest))
            changes.Set(alias, state.NextVersion);
        return changes;
    }

    /// <summary>Version that has an alias afterwards; null if none has.</summary>
    public int? HolderOf(AliasName alias) => _after.TryGetValue(alias, out var number) ? number : null;

    /// <summary>Whether the transaction deletes a version.</summary>
    public bool Deletes(int number) => _deleted.Contains(number);

    /// <summary>Finds the record of a live version before its edits; null for a version that has none yet.</summary>
    public async ValueTask<VersionRecord?> FindAsync(int number, CancellationToken cancellationToken) =>
        _added.TryGetValue(number, out var added)
            ? added
            : await _state.FindAsync(number, cancellationToken).ConfigureAwait(false);

    /// <summary>Tags of a live version afterwards.</summary>
    public async ValueTask<IReadOnlyList<TagName>> TagsOfAsync(int number, CancellationToken cancellationToken)
    {
        if (_planned.TryGetValue(number, out var planned))
            return planned;
        var record = (await FindAsync(number, cancellationToken).ConfigureAwait(false))!;
        return _edits
            .Where(edit => edit.Version == number)
            .Aggregate(record, (edited, edit) => edited.After(edit))
            .Tags;
    }

    private void Apply(CatalogAction action)
    {
        switch (action)
        {
            case PublishAction publish:
                Add(publish.Record);
                Set(AliasName.Latest, publish.Record.Number);
                break;
            case RestoreAction restore:
                Add(restore.Record);
                if (!_after.ContainsKey(AliasName.Latest))
                    Set(AliasName.Latest, restore.Record.Number);
                break;
            case SetAliasAction alias:
                Set(alias.Alias, alias.Version);
                break;
            case RemoveAliasAction alias:
                _after.Remove(alias.Alias);
                break;
            case EditAction edit:
                _edits.Add(edit);
                break;
            case DeleteAction delete:
                Delete(delete.Version);
                break;
        }
    }

    private void Add(VersionRecord record)
    {
        _added[record.Number] = record;
        _live.Add(record.Number);
    }

    private void Set(AliasName alias, int number) => _after[alias] = number;

    private void Delete(int number)
    {
        _deleted.Add(number);
        _live.Remove(number);
        foreach (var alias in _after.Where(item => item.Value == number).Select(item => item.Key).ToList())
            _after.Remove(alias);
        if (_live.Count > 0 && !_after.ContainsKey(AliasName.Latest))
            Set(AliasName.Latest, _live.Max);
    }
}
