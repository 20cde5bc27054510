using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Remembers the files that a restore left in a folder, so that the next one there need not read those that are
/// still as they were. Safe for concurrent callers.</summary>
/// <param name="destination">The folder's full path.</param>
internal sealed class RestoredFiles(string destination)
{
    private const string CacheName = "restored";

    // Nobody restores there any more.
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    private readonly FileIndex _index = new(
        CacheFolder.PathOf(CacheName, FileRecord.Key.Of(Path.GetFullPath(destination)) + ".index")
    );

    /// <summary>Whether a file is known to be what an entry says.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="path">The file's full path.</param>
    /// <param name="state">The file's state now.</param>
    public bool IsRight(ManifestEntry entry, string path, FileState state) =>
        _index.Find(path, state) is { } known && known.Content == entry.Digest && state.Size == entry.Size;

    /// <summary>Remembers a file that was read and is what an entry says.</summary>
    public void AddRead(ManifestEntry entry, string path, FileState state) => _index.Add(path, state, entry);

    /// <summary>Remembers a file that was written.</summary>
    public void AddWritten(ManifestEntry entry, string path, FileState state) => _index.AddWritten(path, state, entry);

    /// <summary>Saves what is remembered.</summary>
    /// <param name="keepUnseen">Whether files stay known that were neither found nor added.</param>
    public async Task SaveAsync(bool keepUnseen)
    {
        await _index.SaveAsync(keepUnseen).ConfigureAwait(false);
        CacheFolder.DeleteUnused(CacheName, KeptFor);
    }
}
