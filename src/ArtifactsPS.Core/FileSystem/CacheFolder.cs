using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Folder of this user's caches. Its files can be deleted at any time.</summary>
internal static class CacheFolder
{
    /// <summary>Environment variable that overrides the folder.</summary>
    public const string Variable = "ARTIFACTS_CACHE";

    /// <summary>Name of the cache of remote stores.</summary>
    public const string BlockCacheName = "blocks";

    /// <summary>Name of the cache of files that drafts have read.</summary>
    public const string FileIndexName = "files";

    /// <summary>Name of the cache of restored files.</summary>
    public const string RestoredName = "restored";

    /// <summary>Name of the cache of objects whose bytes were checked.</summary>
    public const string CheckedObjectsName = "checked";

    /// <summary>Name of the cache of objects that published trees need.</summary>
    public const string TreeObjectsName = "objects";

    /// <summary>Name of the cache of sent parts of uploads.</summary>
    public const string SentPartsName = "uploads";

    private const string Name = "ArtifactsPS";
    private const string Id = "[0-9a-f]{32}";
    private const string Digest = "[0-9a-f]{64}";
    private const string Key = "[^/]+";

    // Forms of the paths of files, by cache.
    private static readonly Dictionary<string, Regex> Patterns = new(StringComparer.Ordinal)
    {
        [BlockCacheName] = Form(
            "limit",
            $"objects/(?:[0-9a-f]{{2}}/{Digest}|--/--{Id})/[0-9]+",
            $@"catalogs/{Id}/{Key}\.json",
            $@"catalogs/{Id}/versions/{Digest}\.json"
        ),
        [FileIndexName] = Form($@"{Id}/{Key}\.index"),
        [RestoredName] = Form($@"{Id}\.index"),
        [CheckedObjectsName] = Form($@"{Id}\.index"),
        [TreeObjectsName] = Form($@"{Id}/{Key}\.json"),
        [SentPartsName] = Form($@"{Id}\.txt"),
    };

    /// <summary>Returns the full path of a file in the cache.</summary>
    public static string PathOf(params string[] segments) => Path.Combine([Root, .. segments]);

    /// <summary>Creates a folder that only this user can access.</summary>
    public static void CreatePrivate(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }
#endif
        Directory.CreateDirectory(path);
    }

    /// <summary>Lists the files of all caches; none if the folder doesn't exist. Files that are created or deleted
    /// meanwhile may be left out.</summary>
    public static IReadOnlyList<FileInfo> AllFiles() =>
        [.. Patterns.Keys.SelectMany(name => FilesBelow(PathOf(name), name))];

    /// <summary>Lists the files of one cache that have the form of a name that the cache gives. Other files, which may be the
    /// user's, are left out, and links below the folder are not followed.</summary>
    /// <param name="folder">Full path of the cache.</param>
    /// <param name="cache">Name of the cache.</param>
    public static IReadOnlyList<FileInfo> FilesBelow(string folder, string cache)
    {
        var pattern = Patterns[cache];
        var files = new List<FileInfo>();
        if (!IsLink(folder))
            AddFiles(folder, "", pattern, files);
        return files;
    }

    /// <summary>Deletes the files of a cache that were last written longer ago than a time span.</summary>
    public static void DeleteUnused(string cache, TimeSpan since)
    {
        var limit = DateTime.UtcNow - since;
        foreach (var file in FilesBelow(PathOf(cache), cache).Where(file => file.LastWriteTimeUtc < limit))
            TryDelete(file);
    }

    /// <summary>Deletes a file of the cache. A file in use by another process stays, which costs only space.</summary>
    /// <returns>Whether the file was deleted.</returns>
    public static bool TryDelete(FileInfo file)
    {
        try
        {
            file.Delete();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Full path of the cache folder.</summary>
    public static string Root =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder)
        : RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? Path.Combine(Of(Environment.SpecialFolder.LocalApplicationData), Name, "Cache")
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX)
            ? Path.Combine(Of(Environment.SpecialFolder.UserProfile), "Library", "Caches", Name)
        // See https://specifications.freedesktop.org/basedir-spec.
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? Path.Combine(caches, Name)
        : Path.Combine(Of(Environment.SpecialFolder.UserProfile), ".cache", Name);

    private static void AddFiles(string folder, string prefix, Regex pattern, List<FileInfo> files)
    {
        try
        {
            foreach (var (name, isFolder, isLink) in FolderContent.Of(folder))
                if (isFolder && !isLink)
                    AddFiles(Path.Combine(folder, name), prefix + name + "/", pattern, files);
                else if (
                    !isLink
                    && IsMatch(prefix, name)
                    && new FileInfo(Path.Combine(folder, name)) is { Exists: true } file
                )
                    files.Add(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder was deleted meanwhile.
        }

        // A killed process leaves a temporary file beside the file that it was writing.
        bool IsMatch(string prefix, string name) =>
            pattern.IsMatch(prefix + name) || FileReplacement.IsStagedName(name) && IsFolderOfCache(prefix, pattern);
    }

    // Names that stand for all that a folder of the cache can have.
    private static bool IsFolderOfCache(string prefix, Regex pattern) =>
        new[] { "limit", "0", "a.json", "a.index", new string('0', 32) + ".index", new string('0', 64) + ".json" }.Any(
            name => pattern.IsMatch(prefix + name)
        );

    private static bool IsLink(string folder) =>
        LocalFileSystem.Current.AttributesOf(folder) is not LocalFileSystem.Missing and var found
        && (found & FileAttributes.ReparsePoint) != 0;

    private static Regex Form(params string[] paths) =>
        new($"^(?:{string.Join("|", paths)})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static string Of(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
}
