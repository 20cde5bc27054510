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

    /// <summary>Whether a file is known to match an entry.</summary>
    /// <param name="entry">Entry of the version.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="state">Current state of the file.</param>
    public bool Matches(ManifestEntry entry, string path, FileState state) =>
        _index.Find(path, state) is { } known && known.Content == entry.Digest && state.Size == entry.Size;

    /// <summary>Adds a file that was read and matches an entry.</summary>
    public void AddRead(ManifestEntry entry, string path, FileState state) => _index.Add(path, state, entry);

    /// <summary>Adds a file that was written.</summary>
    public void AddWritten(ManifestEntry entry, string path, FileState state) => _index.AddWritten(path, state, entry);

    /// <summary>Saves the index.</summary>
    /// <param name="keepUnseen">Whether to keep files that were neither found nor added.</param>
    public async Task SaveAsync(bool keepUnseen)
    {
        await _index.SaveAsync(keepUnseen).ConfigureAwait(false);
        CacheFolder.DeleteUnused(CacheFolder.RestoredName, Retention);
    }
}
