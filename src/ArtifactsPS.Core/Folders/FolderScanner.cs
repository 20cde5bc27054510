using System.Collections.Concurrent;
using ArtifactsPS.Platform;
#if NET
using System.IO.Enumeration;
#endif

namespace ArtifactsPS.Folders;

/// <summary>Walks a tree of files, following links and never going round in a circle.</summary>
/// <param name="folder">The tree's full path.</param>
public sealed class FolderScanner(string folder)
{
    /// <summary>Whether to leave something out, by its path within the tree; a folder with all that is below.</summary>
    public Func<string, bool> IsExcluded { get; init; } = _ => false;

    /// <summary>Whether to take a file, by its path within the tree.</summary>
    public Func<string, bool> IsIncluded { get; init; } = _ => true;

    /// <summary>The full path of a folder to leave out, such as that of the store; null for none.</summary>
    public string? Avoided { get; init; }

    /// <summary>Whether links to folders are followed, or left out.</summary>
    public bool FollowFolderLinks { get; init; } = true;

    /// <summary>Lists the files, sorted by name within each folder.</summary>
    /// <param name="failures">Folders that can't be read are told of there.</param>
    /// <returns>The path within the tree, with <c>/</c>, and the full path.</returns>
    public IEnumerable<(string Relative, string File)> Scan(ConcurrentQueue<ItemFailure> failures)
    {
        var pending = new Stack<Folder>();
        pending.Push(new Folder(null, folder, ""));
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            var below = new List<Folder>();
            foreach (var child in Children(current, failures))
            {
                var relative = current.Prefix + child.Name;
                if (IsExcluded(relative))
                    continue;
                var path = Path.Combine(current.Path, child.Name);
                if (!child.IsFolder)
                {
                    if (IsIncluded(relative))
                        yield return (relative, path);
                    continue;
                }
                var next = new Folder(current, path, relative + "/");
                if (
                    !PathComparer.Equals(path, Avoided)
                    && (!IsLink(path) || FollowFolderLinks && !next.IsItsOwnAncestor())
                )
                    below.Add(next);
            }
            for (var i = below.Count - 1; i >= 0; i--)
                pending.Push(below[i]);
        }
    }

    private static StringComparer PathComparer =>
        Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private static bool IsLink(string path) => (new DirectoryInfo(path).Attributes & FileAttributes.ReparsePoint) != 0;

    private static List<(string Name, bool IsFolder)> Children(Folder current, ConcurrentQueue<ItemFailure> failures)
    {
        try
        {
            var children = Enumerate(current.Path).ToList();
            children.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
            return children;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failures.Enqueue(new ItemFailure(current.Path, e));
            return [];
        }
    }

    // A link to a folder is a folder here.
    private static IEnumerable<(string Name, bool IsFolder)> Enumerate(string path) =>
#if NET
        // FileSystemInfo would ask the system about each file; the folder itself tells what is a folder.
        new FileSystemEnumerable<(string, bool)>(
            path,
            static (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }
        );
#else
        new DirectoryInfo(path).EnumerateFileSystemInfos().Select(item => (item.Name, item is DirectoryInfo));
#endif

    private sealed record Folder(Folder? Parent, string Path, string Prefix)
    {
        private string? _identity;

        private string Identity => _identity ??= FolderIdentity.Of(Path);

        public bool IsItsOwnAncestor()
        {
            for (var ancestor = Parent; ancestor is not null; ancestor = ancestor.Parent)
                if (ancestor.Identity == Identity)
                    return true;
            return false;
        }
    }
}
