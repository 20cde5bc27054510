using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>
/// Finds content that earlier versions of an artifact have: at the same path first; for paths they don't have, at any
/// path, so that a renamed folder stores nothing. That needs an index of a whole version, which is made once enough new
/// paths were seen to be worth it: one for each thousand entries. Content in objects that are known to be lost or are found
/// missing, or below pages that can't be read, is as good as not there, so that adding a file again stores it again. Each
/// object is asked for once, before the first content in it is reused; chunks that a list of chunks names are not, since
/// that would read every list. Safe for concurrent callers.
/// </summary>
/// <param name="store">The store that the versions are in.</param>
/// <param name="versions">The versions; none for an artifact that is new.</param>
internal sealed class ExistingContent(VersionStore store, IReadOnlyList<PublishedVersion> versions)
{
    private const long EntriesPerNewPath = 1000;

    private readonly SemaphoreSlim _indexing = new(1);
    private readonly IReadOnlyList<Manifest> _manifests = versions.Select(version => version.Manifest).ToList();
    private readonly ConcurrentDictionary<Digest, bool> _isThere = new();
    private readonly long _entryCount = versions.Sum(version => version.Record.Root.EntryCount);
    private Dictionary<Digest, BlobLocation>? _index;
    private IReadOnlyCollection<Digest>? _lost;
    private volatile bool _hasUnreadablePages;
    private long _newPaths;

    /// <summary>The versions whose content may have been reused.</summary>
    public IReadOnlyList<PublishedVersion> Versions { get; } = versions;

    /// <summary>Whether it was noticed that the store has lost something, which these versions may need.</summary>
    public bool HasLosses => _lost is { Count: > 0 } || _hasUnreadablePages || Missing.Any();

    /// <summary>The objects that were asked for and weren't there.</summary>
    public IEnumerable<Digest> Missing => _isThere.Where(item => !item.Value).Select(item => item.Key);

    /// <summary>Notices where the root page of another version of the artifact is missing, which has turned out to have
    /// the same content.</summary>
    public async Task LookForAsync(PublishedVersion version, CancellationToken cancellationToken)
    {
        if (Versions.Count > 0)
            await IsMissingAsync(version.Record.Root.Location, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the store is known to have lost something.</summary>
    public async ValueTask<bool> HasLostObjectsAsync(CancellationToken cancellationToken) =>
        (await LostAsync(cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <summary>What earlier versions have at a path, the first version's before the others'; null where none has it.</summary>
    public async ValueTask<Blob?> AtPathAsync(EntryPath path, CancellationToken cancellationToken)
    {
        foreach (var manifest in _manifests)
            if (
                await FindEntryAsync(manifest, path, cancellationToken).ConfigureAwait(false) is { Uri: null } entry
                && !await IsLostAsync(entry.Location, cancellationToken).ConfigureAwait(false)
            )
                return entry.Blob;
        return null;
    }

    /// <summary>Where a file's content is, if an earlier version has it.</summary>
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
                    && !await IsLostAsync(entry.Location, cancellationToken).ConfigureAwait(false)
                )
                    return entry.Location;
                isNewPath = false;
            }
        if (!isNewPath || Interlocked.Increment(ref _newPaths) * EntriesPerNewPath < _entryCount)
            return null;
        var index = _index ?? await BuildIndexAsync(cancellationToken).ConfigureAwait(false);
        return
            index.TryGetValue(digest, out var location)
            && !await IsLostAsync(location, cancellationToken).ConfigureAwait(false)
            ? location
            : null;
    }

    /// <summary>The pages of the newest of the versions, by digest; none where not all of them can be relied on.</summary>
    public async Task<IReadOnlyDictionary<Digest, PageReference>> PagesAsync(CancellationToken cancellationToken)
    {
        var pages = new Dictionary<Digest, PageReference>();
        if (_manifests.Count == 0 || HasLosses || await HasLostObjectsAsync(cancellationToken).ConfigureAwait(false))
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

    // What can't be read can't be relied on; to store it anew is what heals it.
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

    private async ValueTask<bool> IsLostAsync(BlobLocation location, CancellationToken cancellationToken)
    {
        if (await IsMissingAsync(location, cancellationToken).ConfigureAwait(false))
            return true;
        var lost = await LostAsync(cancellationToken).ConfigureAwait(false);
        if (lost.Count == 0)
            return false;
        try
        {
            var needed = await store.Content.ObjectsOfAsync(location, cancellationToken).ConfigureAwait(false);
            return needed.Any(lost.Contains);
        }
        catch (ObjectLostException)
        {
            return true;
        }
    }

    /// <summary>Whether the object is missing that content begins in. Asked for once an object, and not where that is a
    /// request: there Test-ArtifactStore is to find it, and Repair-ArtifactStore to note it.</summary>
    public async ValueTask<bool> IsMissingAsync(BlobLocation location, CancellationToken cancellationToken)
    {
        if (location.Object?.Digest is not { } digest || store.Objects is IUploadingStore)
            return false;
        if (!_isThere.TryGetValue(digest, out var isThere))
        {
            isThere = await store.Objects.ExistsAsync(location.Object.Key, cancellationToken).ConfigureAwait(false);
            isThere = _isThere.GetOrAdd(digest, isThere);
        }
        return !isThere;
    }

    // Asked for once, when anything is about to be reused.
    private async ValueTask<IReadOnlyCollection<Digest>> LostAsync(CancellationToken cancellationToken)
    {
        if (_lost is { } known)
            return known;
        var lost = await DamagedObjects.ListAsync(store.Objects, cancellationToken).ConfigureAwait(false);
        return Interlocked.CompareExchange(ref _lost, lost, null) ?? lost;
    }

    private async Task<Dictionary<Digest, BlobLocation>> BuildIndexAsync(CancellationToken cancellationToken)
    {
        await _indexing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_index is { } built)
                return built;
            var index = new Dictionary<Digest, BlobLocation>();
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
        Dictionary<Digest, BlobLocation> index,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
                if (entry.Location.Object is not null)
                    index[entry.Digest!.Value] = entry.Location;
        }
        catch (ObjectLostException)
        {
            // What was read so far will do.
            _hasUnreadablePages = true;
        }
    }
}
