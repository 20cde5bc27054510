using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Checks whether entries are already restored. Keeps the last folder open, because successive entries are mostly in
/// one folder. Not for concurrent callers.</summary>
internal sealed class RestoredEntryChecker(DestinationFolders folders, RestoredFiles restored) : IDisposable
{
    private string? _folderPath;
    private IRestoreFolder? _folder;

    /// <summary>Whether permissions stay as they are.</summary>
    public bool KeepsPermissions { get; init; }

    /// <summary>Whether the place of an entry has a file or link that doesn't match the entry.</summary>
    public bool IsOtherFile(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var path = entry.Path.ToString();
        var found = OpenFolderOf(path).AttributesOf(DestinationFolders.NameOf(path));
        return DestinationFolders.Exists(found)
            && !DestinationFolders.IsFolder(found)
            && !IsRestored(entry, cancellationToken);
    }

    /// <summary>Whether the file of an entry exists and matches it. Corrects the executable bit if only that differs.</summary>
    public bool IsRestored(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var path = entry.Path.ToString();
        try
        {
            var folder = OpenFolderOf(path);
            var name = DestinationFolders.NameOf(path);
            var fullPath = folders.PathOf(path);
            return folder.StateOf(name) is { } state
                    && state.AgreesWith(entry.Executable)
                    && restored.Matches(entry, fullPath, state)
                || IsFileRestored(entry, folder, name, fullPath, cancellationToken);
        }
        catch (PathNotRestorableException)
        {
            // Writing the file reports the same error.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder?.Dispose();

    private bool IsFileRestored(
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
        if (!restored.Matches(entry, fullPath, file.State))
        {
            if (!HasContent(entry, file, cancellationToken))
                return false;
            restored.AddRead(entry, fullPath, file.State);
        }
        if (!file.State.AgreesWith(entry.Executable) && !KeepsPermissions)
            file.SetExecutable(entry.Executable);
        return true;
    }

    private static bool HasContent(ManifestEntry entry, FileReader file, CancellationToken cancellationToken)
    {
        if (entry.Digest is not { } digest || entry.Size is { } size && file.State.Size != size)
            return false;
        try
        {
            return FileHash.Of(file, cancellationToken) == digest;
        }
        catch (Exception e) when (e is IOException or FileChangedWhileReadingException)
        {
            // An unreadable file is restored again.
            return false;
        }
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
