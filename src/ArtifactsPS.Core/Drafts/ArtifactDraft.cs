using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Drafts;

/// <summary>
/// An artifact being put together: changes to the entries of a base version or of an empty one, and a description, metadata
/// and tags. Content goes to the store as it is added, and belongs to no version before the draft is published. Safe for
/// concurrent callers. A draft is spent once it is published or contributed.
/// </summary>
public sealed class ArtifactDraft : IAsyncDisposable
{
    private readonly object _lock = new();
    private Dictionary<EntryPath, ManifestEntry?> _changes = [];
    private HashSet<EntryPath> _addedAsInBase = [];
    private Manifest? _base;
    private readonly ContentWriter _writer;
    private readonly DraftFiles _files;
    private string? _description;
    private JObject? _metadata;
    private ExistingContent? _existing;
    private List<EntryChange>? _sorted;
    private TreePage? _tree;

    private ArtifactDraft(VersionStore store, ArtifactName name, TypeName type, PublishedVersion? baseVersion)
    {
        FileCount = baseVersion?.StoredRoot.EntryCount ?? 0;
        Size = baseVersion?.StoredRoot.TotalSize ?? 0;
        Store = store;
        Name = name;
        Type = type;
        BaseVersion = baseVersion;
        _base = baseVersion?.Manifest;
        _writer = new ContentWriter(store.Objects, store.Compression);
        _files = new DraftFiles(store, name, _writer);
    }

    public VersionStore Store { get; }

    public ArtifactName Name { get; }

    public TypeName Type { get; }

    /// <exception cref="MetadataTooLargeException">The new description is too long.</exception>
    public string? Description
    {
        get => _description;
        set => _description = VersionLimits.CheckDescription(value);
    }

    /// <exception cref="MetadataTooLargeException">The new metadata is too long, or nested too deep.</exception>
    public JObject? Metadata
    {
        get => _metadata;
        set => _metadata = VersionLimits.CheckMetadata(value);
    }

    public IReadOnlyList<TagName> Tags { get; init; } = [];

    /// <summary>The version that the draft began with; null if it began empty.</summary>
    public PublishedVersion? BaseVersion { get; }

    /// <summary>Number of entries.</summary>
    public long FileCount { get; private set; }

    /// <summary>Total size of the entries' content in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>Whether the draft was published or contributed, and can't be changed any more.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Versions whose entries were added.</summary>
    internal DraftSources Sources { get; } = new();

    /// <summary>Content that could not be added.</summary>
    public FailedAdditions Failures { get; } = new();

    /// <summary>Begins an empty draft.</summary>
    public static ArtifactDraft Begin(VersionStore store, ArtifactName name, TypeName type, IReadOnlyList<TagName> tags)
    {
        VersionLimits.CheckTags(tags);
        return new(store, name, type, null) { Tags = tags.Distinct().ToList() };
    }

    /// <summary>Begins a draft with the entries, type, description and metadata of a version, but not its aliases, tags and
    /// expiry.</summary>
    /// <exception cref="Catalogs.Links.ContentInOtherStoreException">The version is a link to another store.</exception>
    public static ArtifactDraft From(PublishedVersion version) =>
        new(version.Store, version.Name, version.Record.Type, version)
        {
            Description = version.Record.Description,
            Metadata = (JObject?)version.Record.Metadata?.DeepClone(),
        };

    /// <summary>Computes the digest that a version with the current entries has.</summary>
    public async Task<Digest> ComputeDigestAsync(CancellationToken cancellationToken) =>
        (await BuildTreeAsync(cancellationToken).ConfigureAwait(false)).Digest;

    /// <summary>Builds a manifest of the current entries. Pages that the base version doesn't have are in memory.</summary>
    public async Task<Manifest> BuildManifestAsync(CancellationToken cancellationToken) =>
        new(Store.Pages, await BuildTreeAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Reads a file, stores its content, and adds an entry.</summary>
    /// <param name="path">Path of the entry.</param>
    /// <param name="file">Path of the file; links are followed.</param>
    /// <param name="replace">Whether the file may replace an entry that was added before with other content.</param>
    /// <param name="progress">Counts the file and its bytes.</param>
    /// <exception cref="FileChangedWhileReadingException">The file changed while it was being read.</exception>
    /// <exception cref="ArtifactEntryConflictException">The path was added before, with other content.</exception>
    public async Task AddFileAsync(
        EntryPath path,
        string file,
        bool replace,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        using var batch = await BeginBatchAsync(replace, progress, null, cancellationToken).ConfigureAwait(false);
        await batch.AddAsync(new FileToAdd(path, file, file), cancellationToken).ConfigureAwait(false);
        await batch.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins to add files.</summary>
    /// <inheritdoc cref="DraftFileBatch"/>
    internal async Task<DraftFileBatch> BeginBatchAsync(
        bool replace,
        TransferProgress progress,
        Func<FileToAdd, ArtifactEntryConflictException, ValueTask>? onConflict,
        CancellationToken cancellationToken
    )
    {
        CheckUnspent();
        var known = await ReadExistingAsync(cancellationToken).ConfigureAwait(false);
        return new DraftFileBatch(this, _files, known, replace, progress) { OnConflict = onConflict };
    }

    /// <summary>Adds a file whose content is stored.</summary>
    /// <exception cref="ArtifactEntryConflictException">The path was added before, with other content.</exception>
    internal async ValueTask<ManifestEntry> AddFileAsync(
        EntryPath path,
        Blob blob,
        FileState state,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        // Where files have no executable bit, that of the last version with the path stays.
        var executable =
            UnixPermissions.AreSupported && !state.LacksExecutableBit
                ? state.Executable
                : await WasExecutableAsync(path, cancellationToken).ConfigureAwait(false);
        var entry = ManifestEntry.File(path, blob, executable);
        await AddAsync(entry, replace, cancellationToken).ConfigureAwait(false);
        return entry;
    }

    /// <summary>Stores bytes and adds them as a file.</summary>
    /// <exception cref="ArtifactEntryConflictException">The path was added before, with other content.</exception>
    public async Task AddBytesAsync(
        EntryPath path,
        ReadOnlyMemory<byte> bytes,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        CheckUnspent();
        var known = await ReadExistingAsync(cancellationToken).ConfigureAwait(false);
        var blob = await _writer
            .AddBytesAsync(bytes, (digest, _) => known.FindAsync(path, digest, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        await AddAsync(ManifestEntry.File(path, blob, executable: false), replace, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Adds an entry: a file whose content is stored, or a reference.</summary>
    /// <exception cref="ArtifactEntryConflictException">The path was added before, with other content.</exception>
    public async Task AddAsync(ManifestEntry entry, bool replace, CancellationToken cancellationToken)
    {
        CheckUnspent();
        var inBase = await FindInBaseAsync(entry.Path, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            var isChanged = _changes.TryGetValue(entry.Path, out var change);
            var added =
                isChanged ? change
                : _addedAsInBase.Contains(entry.Path) ? inBase
                : null;
            if (added is not null && !replace && !added.HasSameContent(entry))
                throw new ArtifactEntryConflictException(entry.Path.ToString(), Name.ToString());
            Set(entry.Path, inBase, isChanged ? change : inBase, entry);
        }
    }

    /// <summary>Prepares for a number of additions. Growing step by step would leave copies.</summary>
    internal void Reserve(int count)
    {
        lock (_lock)
            if (_changes.Count == 0)
                _changes = new Dictionary<EntryPath, ManifestEntry?>(count);
    }

    /// <summary>Removes the selected entries.</summary>
    /// <returns>Number of removed entries.</returns>
    /// <exception cref="ArtifactEntryNotFoundException">No entry was selected; the draft is unchanged.</exception>
    public async Task<int> RemoveAsync(EntrySelector selector, CancellationToken cancellationToken)
    {
        CheckUnspent();
        var removed = new List<(EntryPath Path, ManifestEntry? InBase)>();
        await foreach (var entry in EntriesAsync(selector, cancellationToken).ConfigureAwait(false))
            removed.Add((entry.Path, await FindInBaseAsync(entry.Path, cancellationToken).ConfigureAwait(false)));
        if (removed.Count == 0)
            throw await MissingEntry
                .ExplainAsync(selector.Text, Name.ToString(), EntriesAsync, cancellationToken)
                .ConfigureAwait(false);
        // After reading the base, so that a failure or cancellation removes nothing.
        lock (_lock)
            foreach (var (path, inBase) in removed)
                Set(path, inBase, _changes.TryGetValue(path, out var change) ? change : inBase, null);
        return removed.Count;
    }

    /// <summary>Streams the selected entries, sorted by path.</summary>
    public async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        EntrySelector selector,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var changes = SortedChanges()
            .SkipWhile(change => EntryPath.Compare(change.Path.ToString(), selector.Prefix) < 0)
            .TakeWhile(change => change.Path.IsBelow(selector.Prefix));
        var entries = ManifestOverlay.EntriesAsync(
            _base?.EntriesAsync(selector.Prefix, cancellationToken) ?? AsyncStream.Of<ManifestEntry>([]),
            AsyncStream.Of(changes),
            cancellationToken
        );
        await foreach (var entry in entries.ConfigureAwait(false))
            if (selector.Matches(entry.Path))
                yield return entry;
    }

    /// <summary>Discards the draft. The next draft that adds the same files finds the content that this one has stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        if (!IsSpent)
            await _files.SaveAsync(keepUnseen: true, basis: null).ConfigureAwait(false);
    }

    /// <summary>Changes against the base version, sorted by path.</summary>
    internal List<EntryChange> SortedChanges()
    {
        lock (_lock)
        {
            if (_sorted is not null)
                return _sorted;
            var sorted = new List<EntryChange>(_changes.Count);
            sorted.AddRange(_changes.Select(change => new EntryChange(change.Key, change.Value)));
            sorted.Sort((left, right) => left.Path.CompareTo(right.Path));
            return _sorted = sorted;
        }
    }

    /// <summary>Builds the tree of the current entries. Pages that the base version doesn't have are in memory.</summary>
    internal async Task<TreePage> BuildTreeAsync(CancellationToken cancellationToken)
    {
        if (_tree is { } built)
            return built;
        var changes = SortedChanges();
        var editor = new ManifestEditor(Store.Pages, cancellationToken);
        var tree = await editor.ApplyAsync(_base?.Root, changes).ConfigureAwait(false);
        lock (_lock)
            if (ReferenceEquals(_sorted, changes))
                _tree = tree;
        return tree;
    }

    /// <summary>Reads the pages of earlier versions that the draft's tree may share, by digest. Pages of the base version are
    /// in the tree already, and not returned.</summary>
    internal async Task<IReadOnlyDictionary<Digest, PageReference>> ReusablePagesAsync(
        CancellationToken cancellationToken
    )
    {
        if (_base is not null)
            return new Dictionary<Digest, PageReference>();
        var existing = await ReadExistingAsync(cancellationToken).ConfigureAwait(false);
        return await existing.PagesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the draft's content. Content is durable once this is flushed.</summary>
    internal ContentWriter Content => _writer;

    /// <summary>Versions whose content the draft may share.</summary>
    internal IEnumerable<PublishedVersion> VersionsReliedOn =>
        (_existing?.Versions ?? []).Concat(BaseVersion is null ? [] : [BaseVersion]);

    /// <summary>Content of these versions; null if the draft has not read them.</summary>
    internal ExistingContent? Existing => _existing;

    internal BlobLocation? FindAdded(Digest digest) => _writer.FindAdded(digest);

    /// <summary>Marks the draft as spent, and saves the file index.</summary>
    /// <param name="published">The published version, whose entries the draft has from now on; null if it was contributed.</param>
    internal async ValueTask SpendAsync(PublishedVersion? published)
    {
        IsSpent = true;
        var basis = published is { Deduplicated: false }
            ? (IndexedContent.KeyOf(published), ObjectsOfChanges())
            : ((FileIndexKey, ICollection<Digest>)?)null;
        if (published is not null)
            lock (_lock)
            {
                _base = published.Manifest;
                _tree = _base.Root;
                _changes = [];
                _addedAsInBase = [];
                _sorted = null;
            }
        await _writer.DisposeAsync().ConfigureAwait(false);
        // A draft that began empty names all files of the artifact; others only the changed ones.
        await _files.SaveAsync(keepUnseen: BaseVersion is not null, basis).ConfigureAwait(false);
    }

    private HashSet<Digest> ObjectsOfChanges()
    {
        var objects = new HashSet<Digest>();
        BlobContainer? last = null;
        lock (_lock)
            foreach (var entry in _changes.Values)
                if (
                    entry?.Location is { Container: { } source, StoredIn: { } digest }
                    && !ReferenceEquals(source, last)
                )
                {
                    objects.Add(digest);
                    last = source;
                }
        return objects;
    }

    /// <exception cref="ArtifactSpentException">The draft was published or contributed.</exception>
    internal void CheckUnspent()
    {
        if (IsSpent)
            throw new ArtifactSpentException(Name);
    }

    private async ValueTask<bool> WasExecutableAsync(EntryPath path, CancellationToken cancellationToken)
    {
        if (await FindInBaseAsync(path, cancellationToken).ConfigureAwait(false) is { } entry)
            return entry.Executable;
        var existing = await ReadExistingAsync(cancellationToken).ConfigureAwait(false);
        return await existing.IsExecutableAsync(path, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ManifestEntry?> FindInBaseAsync(EntryPath path, CancellationToken cancellationToken) =>
        _base is null ? null : await _base.FindAsync(path, cancellationToken).ConfigureAwait(false);

    // Called under the lock.
    private void Set(EntryPath path, ManifestEntry? inBase, ManifestEntry? before, ManifestEntry? entry)
    {
        FileCount += (entry is null ? 0 : 1) - (before is null ? 0 : 1);
        Size += (entry?.Size ?? 0) - (before?.Size ?? 0);
        var isAsInBase = entry is null ? inBase is null : inBase is not null && inBase.HasSameContent(entry);
        if (isAsInBase)
            _changes.Remove(path);
        else
            _changes[path] = entry;
        if (isAsInBase && entry is not null)
            _addedAsInBase.Add(path);
        else
            _addedAsInBase.Remove(path);
        _sorted = null;
        _tree = null;
    }

    /// <summary>Reads the content of the base version, or else of the newest version that has its content in the store.</summary>
    internal async ValueTask<ExistingContent> ReadExistingAsync(CancellationToken cancellationToken)
    {
        if (_existing is { } known)
            return known;
        var versions = new List<PublishedVersion>();
        if (BaseVersion is not null)
            versions.Add(BaseVersion);
        else
        {
            var state = await Store.OpenCatalog(Name).ReadAsync(cancellationToken).ConfigureAwait(false);
            if (await state.FindNewestStoredAsync(cancellationToken).ConfigureAwait(false) is { } newest)
                versions.Add(new PublishedVersion(Store, state, newest));
        }
        return Interlocked.CompareExchange(ref _existing, new ExistingContent(Store, versions), null) ?? _existing;
    }
}
