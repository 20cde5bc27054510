using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Files that a restore was writing when it was killed: beside their targets, under names of their own.</summary>
/// <param name="manifest">The version's entries, which stay whatever their names are.</param>
/// <param name="folders">Where to look.</param>
internal sealed class RestoreLeftovers(Manifest manifest, DestinationFolders folders)
{
    // Another restore may have made its file just now, and not have locked it yet.
    private static readonly TimeSpan ShortestAge = TimeSpan.FromSeconds(10);

    /// <summary>Removes those that nobody writes any more, from the folders that are restored to.</summary>
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
                        folder.RemoveIfLeft(name, ShortestAge);
            }
            catch (Exception e) when (e is PathNotRestorableException or IOException or UnauthorizedAccessException)
            {
                // Whoever restores an entry there will tell; a file that is left does no harm.
            }
        }
    }

    private async ValueTask<bool> IsEntryAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var path = EntryPath.Parse(folder.Length == 0 ? name : folder + "/" + name);
        return await manifest.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null;
    }
}
