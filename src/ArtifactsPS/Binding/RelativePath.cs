using System.Runtime.InteropServices;

namespace ArtifactsPS.Binding;

/// <summary>Paths relative to a folder, in the form of entry paths.</summary>
internal static class RelativePath
{
    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>The path relative to a folder, with <c>/</c>; null if it is outside the folder.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="folder">A full path.</param>
    public static string? Of(string path, string folder)
    {
        var prefix =
            folder[folder.Length - 1] == Path.DirectorySeparatorChar ? folder : folder + Path.DirectorySeparatorChar;
        if (!path.StartsWith(prefix, OnWindows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            return null;
        var relative = path.Substring(prefix.Length);
        return OnWindows ? relative.Replace('\\', '/') : relative;
    }
}
