using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>State after replaying an artifact's transactions: its live versions and aliases.</summary>
public sealed class CatalogState
{
    private readonly VersionTable _versions;
    private readonly Dictionary<AliasName, int> _aliases;

    internal CatalogState(ArtifactName name)
        : this(name, new VersionTable(what => new InvalidDataException(what)), []) { }

    internal CatalogState(ArtifactName name, VersionTable versions, Dictionary<AliasName, int> aliases)
    {
        Name = name;
        _versions = versions;
        _aliases = aliases;
    }

    /// <summary>Name of the artifact, in the spelling of its first publisher.</summary>
    public ArtifactName Name { get; private set; }

    /// <summary>Number of the last transaction; 0 before the first.</summary>
    public long LastTransaction { get; internal set; }

    /// <summary>Digest of the last transaction; null before the first.</summary>
    internal Digest? LastDigest { get; set; }

    /// <summary>Number of the next version.</summary>
    public int NextVersion { get; internal set; }

    /// <summary>Type of the live versions; null if there are none.</summary>
    public TypeName? Type => Newest?.Type;

    /// <summary>Whether there are live versions.</summary>
    public bool IsLive => _versions.Count > 0;

    /// <summary>The live version with the highest number; null if there are none.</summary>
    public VersionRecord? Newest => _versions.Count > 0 ? _versions[_versions.Highest] : null;

    /// <summary>The numbers of the live versions, ascending.</summary>
    public IEnumerable<int> VersionNumbers => _versions.Numbers;

    /// <summary>Aliases and their versions.</summary>
    public IReadOnlyDictionary<AliasName, int> Aliases => _aliases;

    internal VersionTable Versions => _versions;

    /// <summary>Finds a live version by its number.</summary>
    public VersionRecord? Find(int number) => _versions.Contains(number) ? _versions[number] : null;

    /// <summary>Finds a live version by its content.</summary>
    public VersionRecord? Find(Digest digest) => _versions.Find(digest);

    /// <summary>Finds the version of a reference to this artifact.</summary>
    public VersionRecord? Find(ArtifactReference reference) =>
        reference.Version is { } number ? Find(number)
        : reference.Digest is { } digest ? Find(digest)
        : _aliases.TryGetValue(reference.Alias!, out var aliased) ? Find(aliased)
        : null;

    /// <summary>A version's aliases, <c>latest</c> first, the others sorted.</summary>
    public IReadOnlyList<AliasName> AliasesOf(int number) =>
        _aliases
            .Where(alias => alias.Value == number)
            .Select(alias => alias.Key)
            .OrderBy(alias => !alias.IsLatest)
            .ThenBy(alias => alias.ToString(), CaseInsensitiveName.Comparer)
            .ToList();

    /// <exception cref="InvalidDataException">An action does not fit the state.</exception>
    internal void Apply(CatalogTransaction transaction, Digest digest)
    {
        if (transaction.Number != LastTransaction + 1 || transaction.Previous != LastDigest)
            throw new InvalidDataException("it does not follow the transaction before it");
        if (transaction.Name != Name)
            throw new InvalidDataException($"it belongs to '{transaction.Name}'");
        if (LastTransaction == 0)
            Name = transaction.Name;
        foreach (var action in transaction.Actions)
            Apply(action);
        (LastTransaction, LastDigest) = (transaction.Number, digest);
    }

    private void Apply(CatalogAction action)
    {
        switch (action)
        {
            case PublishAction publish:
                if (publish.Record.Number < NextVersion)
                    throw new InvalidDataException($"v{publish.Record.Number} was published before");
                _versions.Set(publish.Record);
                NextVersion = checked(publish.Record.Number + 1);
                SetAlias(AliasName.Latest, publish.Record.Number);
                break;
            case SetAliasAction alias:
                SetAlias(alias.Alias, Live(alias.Version).Number);
                break;
            case RemoveAliasAction alias:
                _aliases.Remove(alias.Alias);
                break;
            case EditAction edit:
                _versions.Set(Edited(Live(edit.Version), edit));
                break;
            case RelocateAction relocate:
                _versions.Set(Relocated(Live(relocate.Version), relocate.Root));
                break;
            case DeleteAction delete:
                Delete(Live(delete.Version).Number);
                break;
            default:
                throw new InvalidDataException($"'{action.GetType().Name}' is an unknown action");
        }
    }

    private VersionRecord Live(int number) =>
        Find(number) ?? throw new InvalidDataException($"v{number} does not exist");

    // Removed first, so that the new spelling is kept.
    private void SetAlias(AliasName alias, int number)
    {
        _aliases.Remove(alias);
        _aliases.Add(alias, number);
    }

    private void Delete(int number)
    {
        _versions.Remove(number);
        foreach (var alias in AliasesOf(number))
            _aliases.Remove(alias);
        if (IsLive && !_aliases.ContainsKey(AliasName.Latest))
            SetAlias(AliasName.Latest, _versions.Highest);
    }

    private static VersionRecord Edited(VersionRecord record, EditAction edit) =>
        record with
        {
            Description = edit.Description ?? record.Description,
            Metadata = edit.Metadata ?? record.Metadata,
            Tags = record.Tags.Concat(edit.AddTags).Distinct().Where(tag => !edit.RemoveTags.Contains(tag)).ToList(),
            ExpiresAt = edit.ExpiresAt == EditAction.Never ? null : edit.ExpiresAt ?? record.ExpiresAt,
        };

    private static VersionRecord Relocated(VersionRecord record, PageLocation place) =>
        record with
        {
            Root = place.ToReference(record.Digest, record.Root.EntryCount, record.Root.TotalSize),
        };
}
