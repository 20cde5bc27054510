using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>
/// Checks all entries before the first is written: that the file system can hold their names and tell them apart, and
/// that nothing is in their way.
/// </summary>
internal sealed class RestorePlan
{
    // Some 30 MB of entries; to read their pages a second time would take a tenth of a restore where all is right.
    private const int MaxKept = 1 << 17;

    private readonly string _destination;
    private readonly bool _mayReplace;
    private readonly FileSystemNames _names;
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly bool _remembersPaths;
    private List<ManifestEntry>? _chosen = [];

    private RestorePlan(string destination, RestoreOptions options, FileSystemNames names)
    {
        _destination = destination;
        _mayReplace = options.MayReplace;
        _remembersPaths = options.Clean;
        _names = names;
        Folders = new DestinationFolders(destination, options.MayReplace);
    }

    /// <summary>The folders to be written to.</summary>
    public DestinationFolders Folders { get; }

    /// <summary>The entries that are chosen, in the order of paths; null where they are too many to be kept in memory.</summary>
    public IReadOnlyList<ManifestEntry>? Chosen => _chosen;

    /// <summary>How many entries are chosen.</summary>
    public long Count { get; private set; }

    /// <summary>What they come to, in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>Makes a plan.</summary>
    /// <exception cref="PathNotRestorableException">An entry can't be restored.</exception>
    public static Task<RestorePlan> MakeAsync(
        Manifest manifest,
        string destination,
        RestoreOptions options,
        CancellationToken cancellationToken
    ) => MakeAsync(manifest, destination, options, FileSystemNames.Of(NearestFolder(destination)), cancellationToken);

    /// <inheritdoc cref="MakeAsync(Manifest, string, RestoreOptions, CancellationToken)"/>
    /// <param name="manifest">The version's entries.</param>
    /// <param name="destination">The full path to restore to.</param>
    /// <param name="options">What to restore.</param>
    /// <param name="names">What the file system there knows of names.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    internal static async Task<RestorePlan> MakeAsync(
        Manifest manifest,
        string destination,
        RestoreOptions options,
        FileSystemNames names,
        CancellationToken cancellationToken
    )
    {
        var plan = new RestorePlan(destination, options, names);
        // What cleaning spares is all that the version has, chosen or not.
        var prefix = options.Clean ? "" : options.Selector.Prefix;
        await foreach (var entry in manifest.EntriesAsync(prefix, cancellationToken).ConfigureAwait(false))
            plan.Add(entry, options.Selector.Matches(entry.Path));
        await plan.CheckFoldersAgainstFilesAsync(manifest, options.Selector, cancellationToken).ConfigureAwait(false);
        return plan;
    }

    /// <summary>Whether the version has a file of this path within the destination.</summary>
    public bool Wants(string path) => _wanted.Contains(_names.KeyOf(path));

    /// <summary>Whether the version has files below a folder.</summary>
    public bool WantsFolder(string folder) => _wanted.Contains(_names.KeyOf(folder) + "/");

    private void Add(ManifestEntry entry, bool isChosen)
    {
        var path = entry.Path.ToString();
        if (_remembersPaths)
            Remember(path);
        if (!isChosen)
            return;
        if (++Count > MaxKept)
            _chosen = null;
        _chosen?.Add(entry);
        Size += entry.Size ?? 0;
        if (_names.FaultOf(path, _destination) is { } fault)
            throw NotRestorable(path, fault, "Give -Path to restore the others, or another destination.");
        if (!_names.TellsAllApart)
            CheckDistinct(path);
        if (Folders.Exists(path) && !_mayReplace)
            CheckNoFolder(path);
    }

    private void Remember(string path)
    {
        var key = _names.KeyOf(path);
        _wanted.Add(key);
        for (var slash = key.LastIndexOf('/'); slash > 0; slash = key.LastIndexOf('/', slash - 1))
            if (!_wanted.Add(key.Substring(0, slash + 1)))
                break;
    }

    // Of folders, too: `Dir/a` and `dir/b` would come to lie in one.
    private void CheckDistinct(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            var name = path.Substring(0, end);
            var key = _names.KeyOf(name) + (end < path.Length ? "/" : "");
            if (!_taken.TryGetValue(key, out var other))
                _taken.Add(key, name);
            else if (end < path.Length && other == name)
                return;
            else
                throw NotRestorable(
                    path,
                    $"this file system takes '{name}' and '{other}' for one",
                    "Give -Path to restore one of them, or another destination."
                );
        }
    }

    private void CheckNoFolder(string path)
    {
        var isFolder = _names.TellsAllApart
            ? Folders.HadFolderAt(path)
            : DestinationFolders.IsFolder(DestinationFolders.AttributesOf(Folders.PathOf(path)));
        if (isFolder)
            throw NotRestorable(path, "there is a folder of that name", "Remove it, or give -Force to replace it.");
    }

    // An artifact can hold both `a` and `a/b`; no folder can.
    private async Task CheckFoldersAgainstFilesAsync(
        Manifest manifest,
        EntrySelector selector,
        CancellationToken cancellationToken
    )
    {
        foreach (
            var folder in Folders
                .All.Where(folder => folder.Length > 0)
                .OrderBy(folder => folder, StringComparer.Ordinal)
        )
        {
            var path = EntryPath.Parse(folder);
            var isFile = _names.TellsAllApart
                ? selector.Matches(path)
                    && await manifest.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null
                : _taken.ContainsKey(_names.KeyOf(folder));
            if (isFile)
                throw NotRestorable(
                    folder,
                    "the version has entries below it too, and it can't be a file and a folder",
                    "Give -Path to restore one or the other."
                );
        }
    }

    private PathNotRestorableException NotRestorable(string path, string fault, string wayOut) =>
        new(path, _destination, fault, wayOut);

    private static string NearestFolder(string path)
    {
        while (!Directory.Exists(path))
            path = Path.GetDirectoryName(path) ?? throw new DirectoryNotFoundException($"There is no folder '{path}'.");
        return path;
    }
}
