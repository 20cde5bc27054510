#if NET
using System.IO.Enumeration;
#endif

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Lists what is in a folder.</summary>
internal static class FolderContent
{
    /// <summary>The names of all that is in a folder, and whether each is a folder's or that of a link to one. The folder
    /// itself tells; asking about each file would cost more than all else.</summary>
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

    /// <summary>The names of all that is in a folder.</summary>
    public static List<string> NamesIn(string path) => [.. Of(path).Select(item => item.Name)];
}
