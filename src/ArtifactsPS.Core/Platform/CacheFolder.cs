using System.Runtime.InteropServices;

namespace ArtifactsPS.Platform;

/// <summary>Where this user's caches are: what can be deleted at any time.</summary>
internal static class CacheFolder
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "ARTIFACTS_CACHE";

    private const string Name = "ArtifactsPS";

    /// <summary>The full path of a file of the cache.</summary>
    public static string PathOf(params string[] segments) => Path.Combine([Root, .. segments]);

    /// <summary>Deletes the files of a folder of the cache that were not written for so long.</summary>
    public static void DeleteUnused(string folder, TimeSpan since)
    {
        var limit = DateTime.UtcNow - since;
        try
        {
            foreach (var file in new DirectoryInfo(PathOf(folder)).EnumerateFiles())
                if (file.LastWriteTimeUtc < limit)
                    file.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process is at it, or nothing was ever kept there. What stays costs room only.
        }
    }

    private static string Root =>
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
