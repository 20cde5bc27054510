#if NET
using System.IO.Enumeration;
#endif

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Lists the content of a folder.</summary>
internal static class FolderContent
{
    /// <summary>Lists the names in a folder, and whether each is a folder or a link to one. The listing provides that, so no
    /// file needs a call of its own.</summary>
    public static IEnumerable<(string Name, bool IsFolder)> Of(string path) =>
#if NET
        new FileSystemEnumerable<(string, bool)>(
            path,
            static (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }
        );
#else
        new DirectoryInfo(path).EnumerateFileSystemInfos().Select(item => (item.Name, item is DirectoryInfo));
#endif

    public static List<string> NamesIn(string path) => [.. Of(path).Select(item => item.Name)];
}
