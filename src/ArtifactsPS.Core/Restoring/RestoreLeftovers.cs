using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Removes temporary files of interrupted restores.</summary>
/// <param name="manifest">Entries of the version, which are not removed even if their names look temporary.</param>
/// <param name="folders">Folders to search.</param>
internal sealed class RestoreLeftovers(Manifest manifest, DestinationFolders folders)
{
    /// <summary>Age from which a temporary file may be removed. Another restore may have created a younger one just now,
    /// and not locked it yet.</summary>
    public static readonly TimeSpan ShortestAge = TimeSpan.FromSeconds(10);

    /// <summary>Removes the temporary files that no process writes any more.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (var (path, names) in folders.Staged)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using var folder = folders.Open(path);
                foreach (var name in names)
                    if (!await IsEntryAsync(path, name, cancellationToken).ConfigureAwait(false))
                        folder.RemoveIfAbandoned(name, ShortestAge);
            }
            catch (Exception e) when (e is PathNotRestorableException or IOException or UnauthorizedAccessException)
            {
                // Restoring an entry there reports the error; a leftover file does no harm.
            }
        }
    }

    private async ValueTask<bool> IsEntryAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var path = EntryPath.Parse(folder.Length == 0 ? name : folder + "/" + name);
        return await manifest.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null;
    }
}
