using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Looks whether entries are restored already. Keeps the folder open that it looked into last, since entries that
/// follow each other are mostly of one. Not for concurrent callers.</summary>
/// <param name="folders">Where they are restored to.</param>
/// <param name="restored">What is known of files there.</param>
internal sealed class RestoredLooker(DestinationFolders folders, RestoredFiles restored) : IDisposable
{
    private string? _folderPath;
    private IRestoreFolder? _folder;

    /// <summary>Whether an entry's file is there and right; its executable bit is set right if only that isn't.</summary>
    public bool IsRight(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var path = entry.Path.ToString();
        try
        {
            var folder = OpenFolderOf(path);
            var name = DestinationFolders.NameOf(path);
            var fullPath = folders.PathOf(path);
            return folder.StateOf(name) is { } state
                    && state.Executable == entry.Executable
                    && restored.IsRight(entry, fullPath, state)
                || IsFileRight(entry, folder, name, fullPath, cancellationToken);
        }
        catch (PathNotRestorableException)
        {
            // Whoever writes the file will meet it again, and tell.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder?.Dispose();

    private bool IsFileRight(
        ManifestEntry entry,
        IRestoreFolder folder,
        string name,
        string fullPath,
        CancellationToken cancellationToken
    )
    {
        using var file = folder.TryOpenFile(name);
        if (file is null)
            return false;
        if (!restored.IsRight(entry, fullPath, file.State))
        {
            if (!FileComparer.IsRight(entry, file, cancellationToken))
                return false;
            restored.AddRead(entry, fullPath, file.State);
        }
        if (file.State.Executable != entry.Executable && UnixPermissions.AreSupported)
            file.SetExecutable(entry.Executable);
        return true;
    }

    private IRestoreFolder OpenFolderOf(string path)
    {
        var length = path.LastIndexOf('/') + 1;
        if (
            _folder is { } open
            && _folderPath!.Length == length
            && path.StartsWith(_folderPath, StringComparison.Ordinal)
        )
            return open;
        _folder?.Dispose();
        _folder = null;
        _folder = folders.OpenFolderOf(path);
        _folderPath = path.Substring(0, length);
        return _folder;
    }
}
