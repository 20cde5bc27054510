using System.Text;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>
/// Recognizes folders of stores, so that nothing else is written to them, and none of them is removed or added to an artifact.
/// Registered stores and the default store are recognized by the identity of their folder, and any other by its
/// <c>store.json</c>.
/// </summary>
public sealed class StoreFolders
{
    private const int MaxRecordSize = 64 << 10;

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    private StoreFolders() { }

    /// <summary>Existing folders of known stores.</summary>
    public IReadOnlyCollection<string> Known => _known.Values;

    /// <summary>Creates the recognizer of this user.</summary>
    /// <param name="locations">Locations of further stores.</param>
    public static StoreFolders OfUser(params string[] locations)
    {
        var folders = new StoreFolders();
        var registry = StoreRegistry.OfUser();
        foreach (var location in locations.Concat(registry.ReadableLocations()))
            folders.Add(location);
        folders.Add(StoreRegistry.DefaultFolder);
        if (Environment.GetEnvironmentVariable(StoreRegistry.StoreVariable) is { Length: > 0 } given)
            folders.Add(given);
        return folders;
    }

    /// <summary>Finds the store in a folder.</summary>
    /// <returns>Path of the store; null if the folder is not that of a store.</returns>
    public string? At(string folder) => FolderIdentity.TryOf(folder) is { } identity ? At(folder, identity) : null;

    /// <summary>Finds the store that a folder is, or lies in at any depth, links resolved.</summary>
    /// <returns>Path of the store; null if the folder is not in a store.</returns>
    public string? Around(string folder) =>
        FolderIdentity
            .Ancestors(folder)
            .Select(item => At(item.Path, item.Identity))
            .FirstOrDefault(at => at is not null);

    /// <summary>Checks that a store can be created at a location without mixing its files with others.</summary>
    /// <exception cref="StoreFolderNotEmptyException">The folder has other files, and no store.</exception>
    public static void CheckMayCreateAt(string location)
    {
        if (StoreLocation.IsUri(location) || !Directory.Exists(location) || HasRecord(location))
            return;
        // A killed command may have left the folder of temporary files.
        var other = FolderContent.NamesIn(location).Find(name => name != StoreLayout.StagingName);
        if (other is not null)
            throw new StoreFolderNotEmptyException(location, LinuxFileName.Display(other));
    }

    private string? At(string folder, string identity) =>
        _known.TryGetValue(identity, out var location) ? location
        : HasRecord(folder) ? folder
        : null;

    private void Add(string location)
    {
        if (!StoreLocation.IsUri(location) && FolderIdentity.TryOf(location) is { } identity)
            _known[identity] = location;
    }

    // Other programs have files of that name, so its content or the folders beside it decide.
    private static bool HasRecord(string folder)
    {
        var path = Path.Combine(folder, StoreLayout.StoreRecord);
        // .NET would remove ".." after a link from the path.
        if (LinuxFile.IsSupported ? LinuxFile.IsMissing(path) : !LocalFileSystem.Current.IsFile(path))
            return false;
        try
        {
            using var file = new FileReader(path);
            var bytes = new byte[Math.Min(file.State.Size, MaxRecordSize)];
            file.Read(bytes, 0, bytes.Length);
            return IsRecord(bytes)
                || FolderContent
                    .Of(folder)
                    .Any(item => item.IsFolder && item.Name + "/" is StoreLayout.Objects or StoreLayout.Artifacts);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that can't be read may be the record of a store.
            return true;
        }
    }

    private static bool IsRecord(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return Has("body") && Has("format") && Has("compression");

        bool Has(string member) => text.IndexOf($"\"{member}\"", StringComparison.Ordinal) >= 0;
    }
}

/// <summary>A store would be created in a folder that has other files.</summary>
public sealed class StoreFolderNotEmptyException(string location, string name)
    : ArtifactsException(
        $"The folder '{location}' is not empty: it has '{name}'. Give the path of an empty or new folder, or use -Force to "
            + "create the store beside these files.",
        location
    )
{
    public override string ErrorId => "StoreFolderNotEmpty";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}
