using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>State after replaying an artifact's transactions: its live versions and aliases. Versions of older checkpoints are
/// read when they are first needed. Safe for concurrent readers.</summary>
public sealed class CatalogState
{
    private readonly Dictionary<AliasName, int> _aliases;

    // Aliases by version; null until first use.
    private Dictionary<int, List<AliasName>>? _byVersion;
    private TypeName? _type;

    /// <summary>State of an artifact without transactions.</summary>
    internal CatalogState(ArtifactName name)
        : this(ArtifactKey.Of(name), name) { }

    /// <summary>State of an artifact without transactions.</summary>
    internal CatalogState(ArtifactKey key, ArtifactName name)
        : this(
            key,
            new ArtifactNames(name),
            null,
            new VersionTable(StoredVersions.None),
            [],
            new CatalogRules(),
            new CatalogLinks()
        ) { }

    internal CatalogState(
        ArtifactKey key,
        ArtifactNames names,
        TypeName? type,
        VersionTable versions,
        Dictionary<AliasName, int> aliases,
        CatalogRules rules,
        CatalogLinks links
    )
    {
        Key = key;
        Names = names;
        _type = type;
        Versions = versions;
        RuleState = rules;
        Links = links;
        _aliases = aliases;
    }

    /// <summary>Key of the artifact.</summary>
    public ArtifactKey Key { get; }

    /// <summary>Current name of the artifact, in the spelling of its first publisher or of the last rename.</summary>
    public ArtifactName Name => Names.Current;

    /// <summary>Names that the artifact had before, the oldest first. They still lead to it.</summary>
    public IReadOnlyList<ArtifactName> FormerNames => Names.Former;

    /// <summary>Description of the artifact as a whole; null for none.</summary>
    public string? Description { get; internal set; }

    /// <summary>Tags of the artifact as a whole, in the order in which they were added.</summary>
    public IReadOnlyList<TagName> Tags { get; internal set; } = [];

    /// <summary>Key of the artifact that has claimed the name of this log; null for a log of its own.</summary>
    internal ArtifactKey? LeadsTo { get; set; }

    /// <summary>All names of the artifact.</summary>
    internal ArtifactNames Names { get; }

    /// <summary>Number of the last transaction; 0 before the first.</summary>
    public long LastTransaction { get; internal set; }

    /// <summary>Digest of the last transaction; null before the first.</summary>
    internal Digest? LastDigest { get; set; }

    /// <summary>Number of the next version.</summary>
    public int NextVersion { get; internal set; }

    /// <summary>Type of the live versions; null if there are none.</summary>
    public TypeName? Type => IsLive ? _type : null;

    /// <summary>Whether there are live versions.</summary>
    public bool IsLive => Versions.Count > 0;

    /// <summary>Number of live versions.</summary>
    public int VersionCount => Versions.Count;

    /// <summary>The numbers of the live versions, ascending.</summary>
    public IEnumerable<int> VersionNumbers => Versions.Numbers;

    /// <summary>Aliases and their versions.</summary>
    public IReadOnlyDictionary<AliasName, int> Aliases => _aliases;

    /// <summary>Rules for aliases in force, in the order of their numbers.</summary>
    public IReadOnlyList<AliasRule> Rules => RuleState.Rules;

    internal VersionTable Versions { get; }

    internal CatalogRules RuleState { get; }

    internal CatalogLinks Links { get; }

    /// <summary>Marks of a version that collections link, or have linked.</summary>
    public IReadOnlyList<LinkMark> LinkMarksOf(int number) => Links.Of(number);

    /// <summary>Whether a version is live.</summary>
    public bool Contains(int number) => Versions.Contains(number);

    /// <summary>Finds the live version with the highest number; null if there are none.</summary>
    public ValueTask<VersionRecord?> FindNewestAsync(CancellationToken cancellationToken) =>
        Versions.FindAsync(Versions.Highest, cancellationToken);

    /// <summary>Finds the live version with the highest number whose content is in the store; null if there are none.</summary>
    public async ValueTask<VersionRecord?> FindNewestStoredAsync(CancellationToken cancellationToken)
    {
        var newest = await FindNewestAsync(cancellationToken).ConfigureAwait(false);
        if (newest is null or { StoredRoot: not null })
            return newest;
        foreach (var number in VersionNumbers.Reverse())
            if (await FindAsync(number, cancellationToken).ConfigureAwait(false) is { StoredRoot: not null } stored)
                return stored;
        return null;
    }

    /// <summary>Finds a live version by its number.</summary>
    public ValueTask<VersionRecord?> FindAsync(int number, CancellationToken cancellationToken) =>
        Versions.FindAsync(number, cancellationToken);

    /// <summary>Finds the live versions with a digest, highest number first.</summary>
    public IAsyncEnumerable<VersionRecord> FindAllAsync(Digest digest, CancellationToken cancellationToken) =>
        Versions.FindAllAsync(digest, cancellationToken);

    /// <summary>Finds the version of a reference to this artifact. Of several versions with a digest, the one with the highest
    /// number.</summary>
    public async ValueTask<VersionRecord?> FindAsync(ArtifactReference reference, CancellationToken cancellationToken)
    {
        if (reference.Digest is { } digest)
        {
            await foreach (var record in FindAllAsync(digest, cancellationToken).ConfigureAwait(false))
                return record;
            return null;
        }
        return reference.Version is { } number ? await FindAsync(number, cancellationToken).ConfigureAwait(false)
            : _aliases.TryGetValue(reference.Alias!, out var aliased)
                ? await FindAsync(aliased, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>Reads all live versions, ascending by number.</summary>
    public IAsyncEnumerable<VersionRecord> ReadVersionsAsync(CancellationToken cancellationToken) =>
        Versions.ReadAllAsync(cancellationToken);

    /// <summary>A version's aliases, <c>latest</c> first, the others sorted.</summary>
    public IReadOnlyList<AliasName> AliasesOf(int number) =>
        !AliasesByVersion().TryGetValue(number, out var aliases) ? []
        // Most versions have only `latest`. Sorting it is most of the allocations of a listing.
        : aliases.Count == 1 ? [aliases[0]]
        :
        [
            .. aliases
                .OrderBy(alias => !alias.IsLatest)
                .ThenBy(alias => alias.ToString(), CaseInsensitiveName.Comparer),
        ];

    /// <exception cref="InvalidDataException">An action does not fit the state.</exception>
    internal void Apply(CatalogTransaction transaction, Digest digest)
    {
        if (transaction.Number != LastTransaction + 1 || transaction.Previous != LastDigest)
            throw new InvalidDataException(
                "it does not follow the transaction before it, so another writer has overwritten one of them"
            );
        if (!Names.Contains(transaction.Name))
            throw new InvalidDataException($"it belongs to '{transaction.Name}'");
        // Transactions before the first version may have the name as keys spell it.
        if (NextVersion == 0 && transaction.Actions.Any(action => action is PublishAction))
            Names.ChangeTo(transaction.Name);
        foreach (var action in transaction.Actions)
            if (action is RefuseAliasAction refuse)
                RuleState.Apply(refuse, transaction.By);
            else
                Apply(action);
        (LastTransaction, LastDigest) = (transaction.Number, digest);
    }

    /// <exception cref="InvalidDataException">The action does not fit the state.</exception>
    internal void Apply(CatalogAction action)
    {
        switch (action)
        {
            case PublishAction publish:
                if (LeadsTo is not null)
                    throw new InvalidDataException($"the name belongs to '{LeadsTo}'");
                if (publish.Record.Number < NextVersion)
                    throw new InvalidDataException($"v{publish.Record.Number} was published before");
                NextVersion = checked(publish.Record.Number + 1);
                Versions.Add(publish.Record);
                _type = publish.Record.Type;
                SetAlias(AliasName.Latest, publish.Record.Number);
                break;
            case RestoreAction restore:
                Restore(restore.Record);
                break;
            case SetAliasAction alias:
                SetAlias(alias.Alias, Live(alias.Version));
                break;
            case RemoveAliasAction alias:
                RemoveAlias(alias.Alias);
                break;
            case EditAction edit:
                Versions.Change(Live(edit.Version), edit);
                break;
            case RelocateAction relocate:
                Versions.Change(Live(relocate.Version), relocate);
                break;
            case DeleteAction delete:
                Delete(Live(delete.Version));
                break;
            case LinkAction or UnlinkAction:
                Links.Apply(action);
                break;
            case ProtectAliasAction protect:
                RuleState.Apply(protect);
                break;
            case UnprotectAliasAction unprotect:
                RuleState.Apply(unprotect);
                break;
            case EditArtifactAction edit:
                Description = edit.DescriptionAfter(Description);
                Tags = edit.TagsAfter(Tags);
                break;
            case RenameAction rename:
                Rename(rename);
                break;
            case ClaimAction claim:
                if (NextVersion > 0 || claim.Artifact == Key || LeadsTo is not null)
                    throw new InvalidDataException($"the name can't be claimed for '{claim.Artifact}'");
                LeadsTo = claim.Artifact;
                break;
            default:
                throw new InvalidDataException($"'{action.GetType().Name}' is an unknown action");
        }
    }

    private void Rename(RenameAction rename)
    {
        if (NextVersion == 0)
            throw new InvalidDataException("an artifact without versions was renamed");
        Names.ChangeTo(rename.To);
        RuleState.Apply(rename);
    }

    private void Restore(VersionRecord record)
    {
        if (record.Number >= NextVersion)
            throw new InvalidDataException($"v{record.Number} was never published");
        if (Versions.Contains(record.Number))
            throw new InvalidDataException($"v{record.Number} exists");
        Versions.Add(record);
        _type = record.Type;
        // Deleting the last live version has removed it.
        if (!_aliases.ContainsKey(AliasName.Latest))
            SetAlias(AliasName.Latest, record.Number);
    }

    private int Live(int number) =>
        Versions.Contains(number) ? number : throw new InvalidDataException($"v{number} does not exist");

    // Removed first, so that the new spelling is kept.
    private void SetAlias(AliasName alias, int number)
    {
        RemoveAlias(alias);
        RuleState.Forget(alias);
        _aliases.Add(alias, number);
        if (_byVersion is not null)
            AddTo(_byVersion, number, alias);
    }

    private void RemoveAlias(AliasName alias)
    {
        if (!_aliases.TryGetValue(alias, out var number))
            return;
        _aliases.Remove(alias);
        RuleState.Forget(alias);
        _byVersion?[number].Remove(alias);
    }

    private void Delete(int number)
    {
        Versions.Remove(number);
        if (AliasesByVersion().TryGetValue(number, out var aliases))
            foreach (var alias in aliases.ToList())
                RemoveAlias(alias);
        if (IsLive && !_aliases.ContainsKey(AliasName.Latest))
            SetAlias(AliasName.Latest, Versions.Highest);
    }

    private Dictionary<int, List<AliasName>> AliasesByVersion()
    {
        if (Volatile.Read(ref _byVersion) is { } known)
            return known;
        var aliases = new Dictionary<int, List<AliasName>>();
        foreach (var alias in _aliases)
            AddTo(aliases, alias.Value, alias.Key);
        Volatile.Write(ref _byVersion, aliases);
        return aliases;
    }

    private static void AddTo(Dictionary<int, List<AliasName>> aliases, int number, AliasName alias)
    {
        if (!aliases.TryGetValue(number, out var list))
            aliases.Add(number, list = []);
        list.Add(alias);
    }
}
