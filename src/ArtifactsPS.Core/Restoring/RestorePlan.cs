using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>
/// Checks all entries before the first is written: the file system must support and distinguish their names, and their
/// places must be free.
/// </summary>
internal sealed class RestorePlan
{
    // About 30 MB of entries. Reading their pages again would take a tenth of a restore that changes nothing.
    private const int MaxEntriesInMemory = 1 << 17;

    private readonly string _destination;
    private readonly bool _mayReplace;
    private readonly FileSystemNames _names;
    private readonly Dictionary<string, string> _pathsByKey = new(StringComparer.Ordinal);
    private readonly HashSet<string> _versionKeys = new(StringComparer.Ordinal);
    private readonly bool _recordsAllPaths;
    private List<ManifestEntry>? _chosen = [];

    private readonly List<string> _replacedFolders = [];

    private RestorePlan(string destination, RestoreOptions options, FileSystemNames names, ProtectedFolders guard)
    {
        _destination = destination;
        Selection = new EntrySelection(options.Selectors);
        _mayReplace = options.MayReplace;
        _recordsAllPaths = options.Clean;
        _names = names;
        Folders = new DestinationFolders(destination, options.MayReplace, guard);
    }

    /// <summary>Selection of the chosen entries.</summary>
    public EntrySelection Selection { get; }

    /// <summary>Paths of folders that will be replaced by files.</summary>
    public IReadOnlyList<string> ReplacedFolders => _replacedFolders;

    /// <summary>Folders to write to.</summary>
    public DestinationFolders Folders { get; }

    /// <summary>Number of chosen entries.</summary>
    public long Count { get; private set; }

    /// <summary>Total size of the chosen entries in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>Creates a plan.</summary>
    /// <exception cref="PathNotRestorableException">An entry can't be restored.</exception>
    public static Task<RestorePlan> CreateAsync(
        Manifest manifest,
        string destination,
        RestoreOptions options,
        ProtectedFolders guard,
        CancellationToken cancellationToken
    ) =>
        CreateAsync(
            manifest,
            destination,
            options,
            guard,
            FileSystemNames.Of(NearestFolder(destination)),
            cancellationToken
        );

    /// <inheritdoc cref="CreateAsync(Manifest, string, RestoreOptions, ProtectedFolders, CancellationToken)"/>
    internal static async Task<RestorePlan> CreateAsync(
        Manifest manifest,
        string destination,
        RestoreOptions options,
        ProtectedFolders guard,
        FileSystemNames names,
        CancellationToken cancellationToken
    )
    {
        var plan = new RestorePlan(destination, options, names, guard);
        try
        {
            // Cleaning keeps all files of the version, chosen or not.
            var entries = options.Clean
                ? manifest.EntriesAsync(cancellationToken)
                : plan.Selection.CandidatesAsync(manifest, cancellationToken);
            await foreach (var entry in entries.ConfigureAwait(false))
                plan.Add(entry, plan.Selection.SelectsEntry(entry.Path));
            await plan.CheckFoldersAgainstFilesAsync(manifest, cancellationToken).ConfigureAwait(false);
            return plan;
        }
        catch
        {
            plan.Folders.Dispose();
            throw;
        }
    }

    /// <summary>Reads the chosen entries in the order of paths.</summary>
    public IAsyncEnumerable<ManifestEntry> EntriesAsync(Manifest manifest, CancellationToken cancellationToken) =>
        _chosen is { } chosen ? AsyncStream.Of(chosen) : Selection.EntriesAsync(manifest, cancellationToken);

    /// <summary>Whether the version has a file with a path within the destination.</summary>
    public bool HasFile(string path) => _versionKeys.Contains(_names.KeyOf(path));

    /// <summary>Whether the version has files below a folder.</summary>
    public bool HasFolder(string folder) => _versionKeys.Contains(_names.KeyOf(folder) + "/");

    private void Add(ManifestEntry entry, bool isChosen)
    {
        var path = entry.Path.ToString();
        if (_recordsAllPaths)
            Record(path);
        if (!isChosen)
            return;
        if (++Count > MaxEntriesInMemory)
            _chosen = null;
        _chosen?.Add(entry);
        Size += entry.Size ?? 0;
        if (_names.FaultOf(path, _destination) is { } fault)
            throw NotRestorable(path, fault, "Use -Path to restore the others, or choose another destination.");
        if (!_names.DistinguishesAllNames)
            CheckDistinct(path);
        if (Folders.Exists(path))
            CheckPlace(path);
    }

    private void Record(string path)
    {
        var key = _names.KeyOf(path);
        _versionKeys.Add(key);
        for (var slash = key.LastIndexOf('/'); slash > 0; slash = key.LastIndexOf('/', slash - 1))
            if (!_versionKeys.Add(key.Substring(0, slash + 1)))
                break;
    }

    // Folders as well: `Dir/a` and `dir/b` would be in one folder.
    private void CheckDistinct(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            var name = path.Substring(0, end);
            var key = _names.KeyOf(name) + (end < path.Length ? "/" : "");
            if (!_pathsByKey.TryGetValue(key, out var other))
                _pathsByKey.Add(key, name);
            else if (end < path.Length && other == name)
                return;
            else
                throw NotRestorable(
                    path,
                    $"the file system does not distinguish '{name}' and '{other}'",
                    "Use -Path to restore one of them, or choose another destination."
                );
        }
    }

    private void CheckPlace(string path)
    {
        bool isFolder;
        bool isLink;
        if (_names.DistinguishesAllNames)
            (isFolder, isLink) = (Folders.HadFolderAt(path), Folders.HadLinkAt(path));
        else
        {
            var found = DestinationFolders.AttributesOf(Folders.PathOf(path));
            (isFolder, isLink) = (DestinationFolders.IsFolder(found), DestinationFolders.IsLink(found));
        }
        if (_mayReplace)
        {
            if (isFolder)
                _replacedFolders.Add(path);
        }
        else if (isFolder || isLink)
            throw NotRestorable(
                path,
                $"a {(isFolder ? "folder" : "link")} of that name exists",
                "Remove it, or use -Force to replace it."
            );
    }

    // An artifact can hold both `a` and `a/b`; no folder can.
    private async Task CheckFoldersAgainstFilesAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        foreach (
            var folder in Folders
                .All.Where(folder => folder.Length > 0)
                .OrderBy(folder => folder, StringComparer.Ordinal)
        )
        {
            var path = EntryPath.Parse(folder);
            var isFile = _names.DistinguishesAllNames
                ? Selection.Selects(path)
                    && await manifest.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null
                : _pathsByKey.ContainsKey(_names.KeyOf(folder));
            if (isFile)
                throw NotRestorable(
                    folder,
                    "the version also has entries below it, and it can't be both a file and a folder",
                    "Use -Path to restore one of them."
                );
        }
    }

    private PathNotRestorableException NotRestorable(string path, string fault, string advice) =>
        new(path, _destination, fault, advice);

    private static string NearestFolder(string path)
    {
        while (!Directory.Exists(path))
            path =
                Path.GetDirectoryName(path)
                ?? throw new DirectoryNotFoundException($"The folder '{path}' does not exist.");
        return path;
    }
}
