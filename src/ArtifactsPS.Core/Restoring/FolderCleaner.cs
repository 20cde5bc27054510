using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Removes the files of a destination that are not in a version.</summary>
/// <param name="plan">Plan of the restore, with all paths of the version.</param>
/// <param name="remover">Removes files and folders.</param>
internal sealed class FolderCleaner(RestorePlan plan, FolderRemover remover)
{
    /// <summary>Cleans the destination.</summary>
    /// <exception cref="PathNotRestorableException">A folder that would be removed is protected.</exception>
    public Task CleanAsync(CancellationToken cancellationToken) => CleanAsync(plan.Folders.Root, "", cancellationToken);

    private async Task CleanAsync(IRestoreFolder folder, string prefix, CancellationToken cancellationToken)
    {
        foreach (var name in folder.Names())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = prefix + name;
            var isFolder = DestinationFolders.IsFolder(folder.AttributesOf(name));
            if (isFolder && plan.HasFolder(path))
            {
                using var below = folder.TryOpenFolder(name);
                if (below is not null)
                    await CleanAsync(below, path + "/", cancellationToken).ConfigureAwait(false);
            }
            // Another restore may be writing a temporary file.
            else if (!isFolder && !plan.HasFile(path) && FileReplacement.IsStagedName(name))
                remover.RemoveIfAbandoned(folder, name);
            else if (isFolder || !plan.HasFile(path))
                await remover
                    .RemoveAsync(folder, name, plan.Folders.PathOf(path), cancellationToken)
                    .ConfigureAwait(false);
        }
    }
}
