namespace ArtifactsPS.Core.Restoring;

/// <summary>Keeps the folder of the previous entry open. Neighbours are mostly in one folder, which saves two of seven system calls
/// for a file.</summary>
/// <param name="folders">Folders of the destination; not owned.</param>
internal sealed class RecentFolder(DestinationFolders folders) : IDisposable
{
    private string _path = "";
    private IRestoreFolder? _folder;

    public DestinationFolders Folders => folders;

    /// <summary>Opens the folder of an entry, unless it is open.</summary>
    /// <returns>Folder that is open until the next call.</returns>
    /// <inheritdoc cref="DestinationFolders.OpenFolderOf"/>
    public IRestoreFolder FolderOf(string entryPath)
    {
        var length = Math.Max(0, entryPath.LastIndexOf('/'));
        if (_folder is not null && _path.Length == length && entryPath.StartsWith(_path, StringComparison.Ordinal))
            return _folder;
        Dispose();
        (_folder, _path) = (folders.OpenFolderOf(entryPath), entryPath.Substring(0, length));
        return _folder;
    }

    public void Dispose()
    {
        _folder?.Dispose();
        _folder = null;
    }
}
