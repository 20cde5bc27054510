using System.Runtime.InteropServices;

namespace ArtifactsPS.Binding;

/// <summary>Paths below a folder, as entries have them.</summary>
internal static class RelativePath
{
    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>The path below a folder, with <c>/</c>; null when it isn't below it.</summary>
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
