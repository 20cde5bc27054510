using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Folder of this user's caches. Its files can be deleted at any time.</summary>
internal static class CacheFolder
{
    /// <summary>Environment variable that overrides the folder.</summary>
    public const string Variable = "ARTIFACTS_CACHE";

    private const string Name = "ArtifactsPS";

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

    /// <summary>Lists the files of a folder at any depth; none if the folder doesn't exist. Files that are created or
    /// deleted meanwhile may be left out.</summary>
    public static IReadOnlyList<FileInfo> FilesBelow(string path)
    {
        var files = new List<FileInfo>();
        try
        {
            foreach (var file in new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories))
                if (file.Exists)
                    files.Add(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder was deleted meanwhile.
        }
        return files;
    }

    /// <summary>Deletes the files of a cache folder that were last written longer ago than a time span.</summary>
    public static void DeleteUnused(string folder, TimeSpan since)
    {
        var limit = DateTime.UtcNow - since;
        foreach (var file in FilesBelow(PathOf(folder)).Where(file => file.LastWriteTimeUtc < limit))
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

    private static string Of(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
}
