using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Where this user's caches are: what can be deleted at any time.</summary>
internal static class CacheFolder
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "ARTIFACTS_CACHE";

    private const string Name = "ArtifactsPS";

    /// <summary>The full path of a file of the cache.</summary>
    public static string PathOf(params string[] segments) => Path.Combine([Root, .. segments]);

    /// <summary>Makes a folder that only the user may look into.</summary>
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

    /// <summary>All files of a folder, at any depth; none where it isn't there. Those may be missing that come or go
    /// meanwhile.</summary>
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
            // A folder went.
        }
        return files;
    }

    /// <summary>Deletes the files of a folder of the cache that were not written for so long.</summary>
    public static void DeleteUnused(string folder, TimeSpan since)
    {
        var limit = DateTime.UtcNow - since;
        foreach (var file in FilesBelow(PathOf(folder)).Where(file => file.LastWriteTimeUtc < limit))
            TryDelete(file);
    }

    /// <summary>Deletes a file of the cache. Where another process is reading it, it stays, and costs room only.</summary>
    /// <returns>Whether it is gone.</returns>
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

    /// <summary>Where all of it is.</summary>
    public static string Root =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder)
        : RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? Path.Combine(Of(Environment.SpecialFolder.LocalApplicationData), Name, "Cache")
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX)
            ? Path.Combine(Of(Environment.SpecialFolder.UserProfile), "Library", "Caches", Name)
        // As https://specifications.freedesktop.org/basedir-spec has it.
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? Path.Combine(caches, Name)
        : Path.Combine(Of(Environment.SpecialFolder.UserProfile), ".cache", Name);

    private static string Of(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
}
