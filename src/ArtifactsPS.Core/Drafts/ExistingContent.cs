using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Trash;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>
/// Finds content that earlier versions of an artifact have: first at the same path, then, for new paths, at any path, so that
/// renaming a folder stores nothing. The second needs an index of all entries, which is built once there is a new path for
/// each thousand entries. Content in missing or damaged objects, or below unreadable pages, is not found, so that adding a
/// file again repairs it. Each object's existence is checked once, before its content is first reused. The chunks of large
/// files are not checked, because that would read every list of chunks. Safe for concurrent callers.
/// </summary>
/// <param name="store">The store of the versions.</param>
/// <param name="versions">The versions; none for a new artifact.</param>
internal sealed class ExistingContent(VersionStore store, IReadOnlyList<PublishedVersion> versions)
{
    private const long EntriesPerNewPath = 1000;

    private readonly SemaphoreSlim _indexing = new(1);
    private readonly IReadOnlyList<Manifest> _manifests = versions.Select(version => version.Manifest).ToList();

    // Condemned objects are brought back.
    private readonly ObjectLengths _lengths = new(
        (digest, token) => TrashedObjects.EnsureAsync(store.Objects, digest, token)
    );
    private readonly ConcurrentDictionary<Digest, bool> _lost = new();
    private readonly long _entryCount = versions.Sum(version => version.Record.Root.EntryCount);
    private Dictionary<Digest, Blob>? _index;
    private IReadOnlyCollection<Digest>? _damaged;
    private volatile bool _hasUnreadablePages;
    private long _newPaths;

    /// <summary>Versions whose content may have been reused.</summary>
    public IReadOnlyList<PublishedVersion> Versions { get; } = versions;

    /// <summary>Whether a missing or damaged object was found that these versions may need.</summary>
    public bool HasDamage => _damaged is { Count: > 0 } || _hasUnreadablePages || Missing.Any();

    /// <summary>Objects that were found to be missing or too short.</summary>
    public IEnumerable<Digest> Missing => _lost.Keys;

    /// <summary>Checks that the root page of another version of the artifact exists.</summary>
    public async Task CheckRootAsync(PublishedVersion version, CancellationToken cancellationToken)
    {
        if (Versions.Count > 0)
        {
            var root = version.StoredRoot;
            await IsMissingAsync(root.Location, root.Length, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the store has a list of damaged objects.</summary>
    public async ValueTask<bool> HasDamagedObjectsAsync(CancellationToken cancellationToken) =>
        (await DamagedAsync(cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <summary>Finds the content of a path. Versions are searched in order; null if none has the path.</summary>
    public async ValueTask<Blob?> AtPathAsync(EntryPath path, CancellationToken cancellationToken)
    {
        foreach (var manifest in _manifests)
            if (
                await FindEntryAsync(manifest, path, cancellationToken).ConfigureAwait(false) is { Uri: null } entry
                && !await IsDamagedAsync(entry.Blob, cancellationToken).ConfigureAwait(false)
            )
                return entry.Blob;
        return null;
    }

    /// <summary>Whether the first version that has a path has an executable file there.</summary>
    public async ValueTask<bool> IsExecutableAsync(EntryPath path, CancellationToken cancellationToken)
    {
        foreach (var manifest in _manifests)
            if (await FindEntryAsync(manifest, path, cancellationToken).ConfigureAwait(false) is { } entry)
                return entry.Executable;
        return false;
    }

    /// <summary>Finds content by its digest; null if no version is known to have it.</summary>
    public async ValueTask<BlobLocation?> FindAsync(EntryPath path, Digest digest, CancellationToken cancellationToken)
    {
        if (_manifests.Count == 0)
            return null;
        var isNewPath = true;
        foreach (var manifest in _manifests)
            if (await FindEntryAsync(manifest, path, cancellationToken).ConfigureAwait(false) is { Uri: null } entry)
            {
                if (
                    entry.Digest == digest
                    && !await IsDamagedAsync(entry.Blob, cancellationToken).ConfigureAwait(false)
                )
                    return entry.Location;
                isNewPath = false;
            }
        if (!isNewPath || Interlocked.Increment(ref _newPaths) * EntriesPerNewPath < _entryCount)
            return null;
        var index = _index ?? await BuildIndexAsync(cancellationToken).ConfigureAwait(false);
        return
            index.TryGetValue(digest, out var blob)
            && !await IsDamagedAsync(blob, cancellationToken).ConfigureAwait(false)
            ? blob.Location
            : null;
    }

    /// <summary>Reads the pages of the first version, by digest. Empty if any damage is known.</summary>
    public async Task<IReadOnlyDictionary<Digest, PageReference>> PagesAsync(CancellationToken cancellationToken)
    {
        var pages = new Dictionary<Digest, PageReference>();
        if (_manifests.Count == 0 || HasDamage || await HasDamagedObjectsAsync(cancellationToken).ConfigureAwait(false))
            return pages;
        try
        {
            await foreach (var page in _manifests[0].PagesAsync(cancellationToken).ConfigureAwait(false))
                pages[page.Digest] = page;
        }
        catch (ObjectLostException)
        {
            _hasUnreadablePages = true;
            pages.Clear();
        }
        return pages;
    }

    // An entry below an unreadable page counts as missing: storing its content again repairs it.
    private async ValueTask<ManifestEntry?> FindEntryAsync(
        Manifest manifest,
        EntryPath path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await manifest.FindAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectLostException)
        {
            _hasUnreadablePages = true;
            return null;
        }
    }

    private async ValueTask<bool> IsDamagedAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (await IsMissingAsync(blob.Location, blob.Size, cancellationToken).ConfigureAwait(false))
            return true;
        var damaged = await DamagedAsync(cancellationToken).ConfigureAwait(false);
        if (damaged.Count == 0)
            return false;
        try
        {
            var needed = await store.Content.ObjectsOfAsync(blob.Location, cancellationToken).ConfigureAwait(false);
            return needed.Any(damaged.Contains);
        }
        catch (ObjectLostException)
        {
            return true;
        }
    }

    /// <summary>Whether the object in which content begins is missing, or ends too early. Each object is looked up once.</summary>
    /// <param name="size">Size of the content in bytes.</param>
    public async ValueTask<bool> IsMissingAsync(BlobLocation location, long size, CancellationToken cancellationToken)
    {
        if (location.StoredIn is not { } digest)
            return false;
        if (await _lengths.HasAsync(location, size, cancellationToken).ConfigureAwait(false))
            return false;
        _lost.TryAdd(digest, true);
        return true;
    }

    // Read once, before the first content is reused.
    private async ValueTask<IReadOnlyCollection<Digest>> DamagedAsync(CancellationToken cancellationToken)
    {
        if (_damaged is { } known)
            return known;
        var damaged = await DamagedObjects.ListAsync(store.Objects, cancellationToken).ConfigureAwait(false);
        return Interlocked.CompareExchange(ref _damaged, damaged, null) ?? damaged;
    }

    private async Task<Dictionary<Digest, Blob>> BuildIndexAsync(CancellationToken cancellationToken)
    {
        await _indexing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_index is { } built)
                return built;
            var index = new Dictionary<Digest, Blob>();
            foreach (var manifest in _manifests)
                await IndexAsync(manifest, index, cancellationToken).ConfigureAwait(false);
            return _index = index;
        }
        finally
        {
            _indexing.Release();
        }
    }

    private async Task IndexAsync(
        Manifest manifest,
        Dictionary<Digest, Blob> index,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
                if (!entry.Location.IsEmpty)
                    index[entry.Digest!.Value] = entry.Blob;
        }
        catch (ObjectLostException)
        {
            // The index has the entries that could be read.
            _hasUnreadablePages = true;
        }
    }
}
