using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Removes files and folders of a destination, except protected folders.</summary>
/// <param name="guard">Folders that must stay.</param>
/// <param name="destination">Full path of the destination.</param>
/// <param name="onRemoved">Receives the full path of each removed file, and of each folder that was empty.</param>
/// <param name="isPreview">Whether nothing is removed.</param>
internal sealed class FolderRemover(
    ProtectedFolders guard,
    string destination,
    Func<string, ValueTask> onRemoved,
    bool isPreview
)
{
    /// <summary>Removes a file or link, or a folder with its content. Does nothing if the name is missing.</summary>
    /// <param name="parent">Folder that has the name.</param>
    /// <param name="name">Name of the file or folder.</param>
    /// <param name="path">Full path of the file or folder.</param>
    /// <exception cref="PathNotRestorableException">A folder is protected. What was in it before remains removed, so a preview comes first.</exception>
    public async Task RemoveAsync(IRestoreFolder parent, string name, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var attributes = parent.AttributesOf(name);
        if (!DestinationFolders.Exists(attributes))
            return;
        if (!DestinationFolders.IsFolder(attributes))
        {
            if (!isPreview)
                parent.RemoveFile(name);
            await onRemoved(LinuxFileName.Display(path)).ConfigureAwait(false);
            return;
        }
        guard.CheckMayRemove(parent, name, path, destination);
        var isEmpty = true;
        using (var folder = parent.TryOpenFolder(name))
            foreach (var child in folder?.Names() ?? [])
            {
                isEmpty = false;
                await RemoveAsync(folder!, child, Path.Combine(path, child), cancellationToken).ConfigureAwait(false);
            }
        if (!isPreview)
            parent.RemoveFolder(name);
        if (isEmpty)
            await onRemoved(LinuxFileName.Display(path)).ConfigureAwait(false);
    }

    /// <summary>Removes a temporary file that no process writes any more.</summary>
    public void RemoveIfAbandoned(IRestoreFolder folder, string name)
    {
        if (!isPreview)
            folder.RemoveIfAbandoned(name, RestoreLeftovers.ShortestAge);
    }
}
