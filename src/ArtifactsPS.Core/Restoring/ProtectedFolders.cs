using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>
/// Folders that no restore removes: stores, the home folder, the root and mounted folders. A restore doesn't write into a store
/// either. Folders are compared by identity, so it doesn't matter by which path they are reached.
/// </summary>
internal sealed class ProtectedFolders
{
    private readonly StoreFolders _stores;
    private readonly Dictionary<string, string> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _above = new(StringComparer.Ordinal);

    private ProtectedFolders(StoreFolders stores)
    {
        _stores = stores;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length > 0)
            Add(home, "your home folder");
        foreach (var store in stores.Known)
            Add(store, $"the artifact store '{store}'");
    }

    /// <summary>Returns the protected folders of this user.</summary>
    /// <param name="stores">Locations of the stores that are restored from.</param>
    public static ProtectedFolders OfUser(params string[] stores) => new(StoreFolders.OfUser(stores));

    /// <summary>Checks that files may be written to a destination, and removed from it.</summary>
    /// <param name="destination">Full path, which need not exist.</param>
    /// <param name="isCleaned">Whether all other files in it will be removed.</param>
    /// <exception cref="PathNotRestorableException">The destination is protected.</exception>
    public void CheckDestination(string destination, bool isCleaned)
    {
        var nearest = destination;
        while (!Directory.Exists(nearest))
            nearest =
                Path.GetDirectoryName(nearest) ?? throw new DirectoryNotFoundException($"'{nearest}' is missing.");
        if (_stores.Around(nearest) is { } store)
            throw new PathNotRestorableException(
                destination,
                destination,
                $"it is in the artifact store '{store}'",
                "Choose a destination outside of the store."
            );
        if (
            isCleaned
            && FolderIdentity.TryOf(destination) is { } identity
            && FaultOfAll(destination, identity) is { } fault
        )
            throw new PathNotRestorableException(
                destination,
                destination,
                $"it {fault}, and -Clean would remove it",
                "Choose another destination, or omit -Clean."
            );
    }

    /// <summary>Checks that files may be written to an existing folder of the destination.</summary>
    /// <exception cref="PathNotRestorableException">The folder is a store.</exception>
    public void CheckMayWrite(string folder, string entryPath, string destination)
    {
        if (_stores.At(folder) is not null)
            throw new PathNotRestorableException(
                entryPath,
                destination,
                $"'{folder}' is an artifact store",
                "Choose a destination outside of the store."
            );
    }

    /// <summary>Checks that a folder itself may be removed. The folders in it are checked separately.</summary>
    /// <param name="parent">Open folder above.</param>
    /// <param name="name">Name of the folder.</param>
    /// <param name="path">Full path for messages.</param>
    /// <param name="destination">Destination for messages.</param>
    /// <exception cref="PathNotRestorableException">The folder is protected.</exception>
    public void CheckMayRemove(IRestoreFolder parent, string name, string path, string destination)
    {
        var own = Path.Combine(parent.OwnPath, name);
        var fault =
            _stores.At(own) is not null ? "it is an artifact store"
            : FolderIdentity.TryOf(own) is { } identity && _own.TryGetValue(identity, out var kind) ? $"it is {kind}"
            : parent.IsMountPoint(name) ? "another folder or file system is mounted there"
            : null;
        if (fault is not null)
            throw new PathNotRestorableException(
                LinuxFileName.Display(path),
                destination,
                $"it would have to be removed, but {fault}",
                "Move it, choose another destination, or omit -Clean and -Force."
            );
    }

    private string? FaultOfAll(string folder, string identity) =>
        _own.TryGetValue(identity, out var kind) ? $"is {kind}"
        : _above.TryGetValue(identity, out kind) ? $"contains {kind}"
        : FolderIdentity.Ancestors(folder).Skip(1).Any() ? null
        : "is the root folder";

    private void Add(string folder, string kind)
    {
        try
        {
            var isFirst = true;
            foreach (var (_, identity) in FolderIdentity.Ancestors(folder))
            {
                if (isFirst)
                    _own[identity] = kind;
                else
                    _above[identity] = kind;
                isFirst = false;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that doesn't exist needs no protection. Above it, access may be denied.
        }
    }
}
