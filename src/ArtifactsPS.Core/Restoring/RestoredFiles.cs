using System.Text;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Index of the files in a restored folder, so that the next restore there need not read unchanged files. Safe for
/// concurrent callers.</summary>
/// <param name="destination">Full path of the folder.</param>
internal sealed class RestoredFiles(string destination)
{
    // After that time the folder is considered abandoned.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private readonly FileIndex _index = new(
        CacheFolder.PathOf(CacheFolder.RestoredName, FileIndexKey.Of(Path.GetFullPath(destination)) + ".index")
    );

    private FileState? _newest;

    /// <summary>Whether a file is known to match an entry.</summary>
    /// <param name="entry">Entry of the version.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="state">Current state of the file.</param>
    public bool Matches(ManifestEntry entry, string path, FileState state) =>
        _index.Find(path, state) is { } known
        && known.Content == IdentityOf(entry)
        && (state.Size == entry.Size || entry is { Uri: not null, Size: null });

    /// <summary>Whether it can be known later that a file matches an entry.</summary>
    public static bool IsRemembered(ManifestEntry entry) => IdentityOf(entry) is not null;

    /// <summary>Adds a file that was read and matches an entry.</summary>
    public void AddRead(ManifestEntry entry, string path, FileState state) => _index.Add(path, state, ContentOf(entry));

    /// <summary>Adds a file that was written.</summary>
    public void AddWritten(ManifestEntry entry, string path, FileState state)
    {
        _index.AddWritten(path, state, ContentOf(entry));
        if (entry.Digest is null)
            lock (_index)
                _newest = _newest is { } newest && newest.Changed > state.Changed ? newest : state;
    }

    /// <summary>Saves the index. Waits for a moment if the target of a reference without a digest was written just now: unless its file
    /// is remembered, the next restore reads the target again.</summary>
    /// <param name="keepUnseen">Whether to keep files that were neither found nor added.</param>
    public async Task SaveAsync(bool keepUnseen)
    {
        if (_newest is { } newest)
            await _index.WaitForStableAsync(newest).ConfigureAwait(false);
        await _index.SaveAsync(keepUnseen).ConfigureAwait(false);
        CacheFolder.DeleteUnused(CacheFolder.RestoredName, Retention);
    }

    // Without the path and location of the entry, which would take most of the memory of a restore.
    private static ContentIdentity ContentOf(ManifestEntry entry) => new(IdentityOf(entry)!.Value);

    // The digest of a reference may be unknown. Then the target identifies the content.
    private static Digest? IdentityOf(ManifestEntry entry) =>
        entry.Digest
        ?? (
            entry is { Uri: { } uri, Target: { HasIdentity: true } target }
                ? Sha256.Of(
                    Encoding.UTF8.GetBytes($"{uri}\n{target.ETag}\n{target.VersionId}\n{target.LastModified:O}")
                )
                : null
        );

    private sealed class ContentIdentity(Digest digest) : IStoredContent
    {
        public Digest Digest => digest;

        public BlobLocation Location => default;
    }
}
