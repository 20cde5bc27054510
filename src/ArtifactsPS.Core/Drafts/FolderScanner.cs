using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts.Ignoring;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Lists the files of a folder and its subfolders. Follows links, but enters no folder within itself.</summary>
/// <param name="folder">Full path of the folder.</param>
public sealed class FolderScanner(string folder)
{
    private static readonly Comparer<ListedName> ByName = Comparer<ListedName>.Create(
        (left, right) => string.CompareOrdinal(left.Name, right.Name)
    );

    /// <summary>Full path of the folder.</summary>
    public string Root => folder;

    /// <summary>Whether a path within the tree is excluded. Excluding a folder excludes everything below it.</summary>
    public Func<string, bool> IsExcluded { get; init; } = _ => false;

    /// <summary>Receives the path within the tree of each file and folder that is excluded.</summary>
    public Action<string>? OnExcluded { get; init; }

    /// <summary>Whether a file is included, by its path within the tree.</summary>
    public Func<string, bool> IsIncluded { get; init; } = _ => true;

    /// <summary>Receives the path within the tree of each file that is neither excluded nor included.</summary>
    public Action<string>? OnNotIncluded { get; init; }

    /// <summary>Recognizes stores, which are skipped; null to scan them like other folders.</summary>
    public StoreFolders? Stores { get; init; }

    /// <summary>Receives the full path of each folder that is skipped because it is a store or in one, and the path of the
    /// store.</summary>
    public Action<string, string>? OnStore { get; init; }

    /// <summary>Whether links without a target are skipped; otherwise they are returned like files.</summary>
    public bool SkipsBrokenLinks { get; init; }

    /// <summary>Receives the path within the tree of each broken link that is skipped.</summary>
    public Action<string>? OnBrokenLink { get; init; }

    /// <summary>Whether links to folders are followed; otherwise they are skipped.</summary>
    public bool FollowFolderLinks { get; init; } = true;

    /// <summary>Whether ignore files are respected; otherwise they are files like others.</summary>
    public bool ReadsIgnoreFiles { get; init; }

    /// <summary>Receives each path that an ignore file excludes.</summary>
    public Action<IgnoredPath>? OnIgnored { get; init; }

    /// <summary>Lists the files, sorted by name within each folder.</summary>
    /// <param name="failures">Receives folders and ignore files that can't be read. A folder whose ignore file can't be read
    /// is skipped.</param>
    /// <returns>Path within the tree, separated by <c>/</c>, and full path of each file.</returns>
    /// <exception cref="FolderIsStoreException">The folder is a store or in one.</exception>
    public IEnumerable<(string Relative, string File)> Scan(ConcurrentQueue<ItemFailure> failures)
    {
        if (FolderIdentity.TryOf(folder) is not null && Stores?.Around(folder) is { } around)
            throw new FolderIsStoreException(folder, around);
        var pending = new Stack<Folder>();
        pending.Push(new Folder(null, folder, ""));
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            var children = Children(current, failures);
            if (ReadsIgnoreFiles && !TryReadIgnoreFile(current, children, failures))
                continue;
            var below = new List<Folder>();
            foreach (var child in children)
            {
                var relative = current.Prefix + child.Name;
                if (IsLeftOut(relative) || IsIgnored(current, child.Name, relative, child.IsFolder))
                    continue;
                var path = Path.Combine(current.Path, child.Name);
                if (!child.IsFolder)
                {
                    if (IsTaken(relative) && !(child.IsLink && IsSkippedLink(path, relative)))
                        yield return (relative, path);
                    continue;
                }
                var next = new Folder(current, path, relative + "/");
                if (child.IsLink && (!FollowFolderLinks || next.IsItsOwnAncestor()))
                    continue;
                // A link may lead to a folder at any depth of a store.
                if ((child.IsLink ? Stores?.Around(path) : Stores?.At(path)) is { } store)
                    OnStore?.Invoke(path, store);
                else
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

    /// <summary>Creates a scanner of the same files that reports nothing.</summary>
    /// <param name="cancellationToken">Ends a scan with <see cref="OperationCanceledException"/>.</param>
    internal FolderScanner WithoutReports(CancellationToken cancellationToken) =>
        new(folder)
        {
            IsExcluded = path =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return IsExcluded(path);
            },
            IsIncluded = IsIncluded,
            Stores = Stores,
            SkipsBrokenLinks = SkipsBrokenLinks,
            FollowFolderLinks = FollowFolderLinks,
            ReadsIgnoreFiles = ReadsIgnoreFiles,
        };

    private bool IsLeftOut(string relative)
    {
        if (!IsExcluded(relative))
            return false;
        OnExcluded?.Invoke(relative);
        return true;
    }

    private bool IsTaken(string relative)
    {
        if (IsIncluded(relative))
            return true;
        OnNotIncluded?.Invoke(relative);
        return false;
    }

    private bool IsIgnored(Folder folder, string name, string relative, bool isFolder)
    {
        if (folder.Ignores?.Find(relative, name, isFolder) is not var (file, line))
            return false;
        OnIgnored?.Invoke(new IgnoredPath(isFolder ? relative + "/" : relative, file.Path, line));
        return true;
    }

    private bool IsSkippedLink(string path, string relative)
    {
        if (!SkipsBrokenLinks)
            return false;
        try
        {
            _ = FileState.Of(path);
            return false;
        }
        catch (FileNotFoundException)
        {
            OnBrokenLink?.Invoke(relative);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Adding it reports the error.
            return false;
        }
    }

    private static bool TryReadIgnoreFile(
        Folder folder,
        List<ListedName> children,
        ConcurrentQueue<ItemFailure> failures
    )
    {
        var index = children.BinarySearch(new ListedName(IgnoreFile.Name, false, false), ByName);
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

    private static List<ListedName> Children(Folder current, ConcurrentQueue<ItemFailure> failures)
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

/// <summary>A folder to add is a store, or a folder or file to add is in one.</summary>
public sealed class FolderIsStoreException(string path, string store)
    : ArtifactsException(
        $"'{path}' is in the artifact store '{store}', and a store can't be added to an artifact. Copy-Artifact copies versions to "
            + "another store, and Export-Artifact writes an archive.",
        path
    )
{
    public override string ErrorId => "FolderIsStore";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
