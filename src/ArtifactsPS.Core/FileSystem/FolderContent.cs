namespace ArtifactsPS.Core.FileSystem;

/// <summary>Lists the content of a folder.</summary>
internal static class FolderContent
{
    /// <summary>Lists a folder. The listing provides the kind of each name, so no file needs a call of its own.</summary>
    /// <exception cref="IOException">The folder can't be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the folder is denied.</exception>
    public static IEnumerable<ListedName> Of(string path) =>
        LinuxListing.IsSupported ? LinuxListing.Of(path) : LocalFileSystem.Current.List(path);

    public static List<string> NamesIn(string path) => [.. Of(path).Select(item => item.Name)];
}

/// <summary>Name in a folder.</summary>
/// <param name="Name">The name. Bytes that are not UTF-8 are escaped; see <see cref="LinuxFileName"/>.</param>
/// <param name="IsFolder">Whether it is a folder or a link to one.</param>
/// <param name="IsLink">Whether it is a symbolic link or junction.</param>
internal readonly record struct ListedName(string Name, bool IsFolder, bool IsLink);
