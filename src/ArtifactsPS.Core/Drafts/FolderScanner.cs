using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts.Ignoring;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Lists the files of a folder and its subfolders. Follows links, but enters no folder within itself.</summary>
/// <param name="folder">Full path of the folder.</param>
public sealed class FolderScanner(string folder)
{
    private static readonly Comparer<(string Name, bool IsFolder)> ByName = Comparer<(
        string Name,
        bool IsFolder
    )>.Create((left, right) => string.CompareOrdinal(left.Name, right.Name));

    /// <summary>Full path of the folder.</summary>
    public string Root => folder;

    /// <summary>Whether a path within the tree is excluded. Excluding a folder excludes everything below it.</summary>
    public Func<string, bool> IsExcluded { get; init; } = _ => false;

    /// <summary>Whether a file is included, by its path within the tree.</summary>
    public Func<string, bool> IsIncluded { get; init; } = _ => true;

    /// <summary>Full path of a folder to skip, such as the store's; null for none.</summary>
    public string? SkippedFolder { get; init; }

    /// <summary>Whether links to folders are followed; otherwise they are skipped.</summary>
    public bool FollowFolderLinks { get; init; } = true;

    /// <summary>Receives each path that an ignore file excludes; null to disregard ignore files.</summary>
    public Action<IgnoredPath>? OnIgnored { get; init; }

    /// <summary>Lists the files, sorted by name within each folder.</summary>
    /// <param name="failures">Receives folders and ignore files that can't be read. A folder whose ignore file can't be read
    /// is skipped.</param>
    /// <returns>Path within the tree, separated by <c>/</c>, and full path of each file.</returns>
    public IEnumerable<(string Relative, string File)> Scan(ConcurrentQueue<ItemFailure> failures)
    {
        var pending = new Stack<Folder>();
        pending.Push(new Folder(null, folder, ""));
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            var children = Children(current, failures);
            if (OnIgnored is not null && !TryReadIgnoreFile(current, children, failures))
                continue;
            var below = new List<Folder>();
            foreach (var child in children)
            {
                var relative = current.Prefix + child.Name;
                if (IsExcluded(relative) || IsIgnored(current, child.Name, relative, child.IsFolder))
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
                    !PathComparer.Equals(path, SkippedFolder)
                    && (!IsLink(path) || FollowFolderLinks && !next.IsItsOwnAncestor())
                )
                    below.Add(next);
            }
            for (var i = below.Count - 1; i >= 0; i--)
                pending.Push(below[i]);
        }
    }

    /// <summary>Lists the files, sorted by name within each folder.</summary>
    /// <param name="failures">Receives folders and ignore files that can't be read. A folder whose ignore file can't be read
    /// is skipped.</param>
    public async IAsyncEnumerable<(string Relative, string File)> ScanAsync(IResultSink<ItemFailure> failures)
    {
        var unreadable = new ConcurrentQueue<ItemFailure>();
        foreach (var file in Scan(unreadable))
        {
            while (unreadable.TryDequeue(out var failure))
                await failures.AddAsync(failure).ConfigureAwait(false);
            yield return file;
        }
        foreach (var failure in unreadable)
            await failures.AddAsync(failure).ConfigureAwait(false);
    }

    private bool IsIgnored(Folder folder, string name, string relative, bool isFolder)
    {
        if (folder.Ignores?.Find(relative, name, isFolder) is not var (file, line))
            return false;
        OnIgnored!(new IgnoredPath(isFolder ? relative + "/" : relative, file.Path, line));
        return true;
    }

    private static bool TryReadIgnoreFile(
        Folder folder,
        List<(string Name, bool IsFolder)> children,
        ConcurrentQueue<ItemFailure> failures
    )
    {
        var index = children.BinarySearch((IgnoreFile.Name, false), ByName);
        if (index < 0 || children[index].IsFolder)
            return true;
        var path = Path.Combine(folder.Path, IgnoreFile.Name);
        try
        {
            folder.Ignores = IgnoreFile.Read(path, folder.Prefix, folder.Ignores);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            failures.Enqueue(new ItemFailure(path, e));
            return false;
        }
    }

    private static StringComparer PathComparer =>
        Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private static bool IsLink(string path) => (new DirectoryInfo(path).Attributes & FileAttributes.ReparsePoint) != 0;

    private static List<(string Name, bool IsFolder)> Children(Folder current, ConcurrentQueue<ItemFailure> failures)
    {
        try
        {
            var children = FolderContent.Of(current.Path).ToList();
            children.Sort(ByName);
            return children;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failures.Enqueue(new ItemFailure(current.Path, e));
            return [];
        }
    }

    private sealed record Folder(Folder? Parent, string Path, string Prefix)
    {
        private string? _identity;

        /// <summary>The nearest ignore file: of this folder, or of a folder above; null for none.</summary>
        public IgnoreFile? Ignores { get; set; } = Parent?.Ignores;

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
