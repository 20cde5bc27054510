using ArtifactsPS.Content;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Catalogs;

/// <summary>
/// Finds content that earlier versions of an artifact have: at the same path first; for paths they don't have, at any
/// path, so that a renamed folder stores nothing. That needs an index of a whole version, which is made once enough new
/// paths were seen to be worth it: one for each thousand entries. Safe for concurrent callers.
/// </summary>
internal sealed class KnownContent(IReadOnlyList<PublishedVersion> versions)
{
    private const long EntriesPerNewPath = 1000;

    private readonly SemaphoreSlim _indexing = new(1);
    private readonly IReadOnlyList<Manifest> _manifests = versions.Select(version => version.Manifest).ToList();
    private readonly long _entryCount = versions.Sum(version => version.Record.Root.EntryCount);
    private Dictionary<Digest, BlobLocation>? _index;
    private long _newPaths;

    /// <summary>The versions whose content may have been reused.</summary>
    public IReadOnlyList<PublishedVersion> Versions { get; } = versions;

    /// <summary>What earlier versions have at a path, the first version's before the others'; null where none has it.</summary>
    public async ValueTask<Blob?> AtPathAsync(EntryPath path, CancellationToken cancellationToken)
    {
        foreach (var manifest in _manifests)
            if (await manifest.FindAsync(path, cancellationToken).ConfigureAwait(false) is { Uri: null } entry)
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
            if (await manifest.FindAsync(path, cancellationToken).ConfigureAwait(false) is { Uri: null } entry)
            {
                if (entry.Digest == digest)
                    return entry.Location;
                isNewPath = false;
            }
        if (!isNewPath || Interlocked.Increment(ref _newPaths) * EntriesPerNewPath < _entryCount)
            return null;
        var index = _index ?? await BuildIndexAsync(cancellationToken).ConfigureAwait(false);
        return index.TryGetValue(digest, out var location) ? location : null;
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
            await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
                if (entry.Location.Object is not null)
                    index[entry.Digest!.Value] = entry.Location;
            return _index = index;
        }
        finally
        {
            _indexing.Release();
        }
    }
}
