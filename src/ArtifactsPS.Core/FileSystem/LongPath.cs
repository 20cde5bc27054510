namespace ArtifactsPS.Core.FileSystem;

/// <summary>Paths of Windows that may be longer than 260 characters. The path methods of .NET Framework refuse them.</summary>
internal static class LongPath
{
    /// <summary>Length in characters up to which a path needs no prefix. Windows has limits of 247 for a folder and of 259 for a
    /// file, which a pattern of a listing counts to.</summary>
    public const int LongestPlain = 240;

    private const string Prefix = @"\\?\";
    private const string UncPrefix = @"\\?\UNC\";
    private const string DevicePrefix = @"\\.\";

    /// <summary>Adds the prefix by which Windows accepts a long path. It then takes the path as it is, so <c>.</c>, <c>..</c> and
    /// slashes are resolved before.</summary>
    /// <param name="path">Full path.</param>
    /// <returns>The path itself if it is short or has a prefix.</returns>
    public static string Extended(string path)
    {
        if (path.Length <= LongestPlain || HasPrefix(path))
            return path;
        var isUnc = path[0] is '\\' or '/';
        var names = new List<string>();
        foreach (var name in path.Split(['\\', '/'], StringSplitOptions.RemoveEmptyEntries))
            if (name == ".." && names.Count > (isUnc ? 2 : 1))
                names.RemoveAt(names.Count - 1);
            else if (name is not ("." or ".."))
                names.Add(name);
        return (isUnc ? UncPrefix : Prefix) + string.Join("\\", names);
    }

    /// <summary>Returns the folder of a path, without accessing it.</summary>
    /// <returns>The path up to its last separator; with the separator for the root of a drive.</returns>
    public static string FolderOf(string path)
    {
        var end = path.LastIndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]);
        return end <= 0 || path[end - 1] == Path.VolumeSeparatorChar
            ? path.Substring(0, end + 1)
            : path.Substring(0, end);
    }

    /// <summary>Lists a path of Windows with a prefix, and the folders above it up to the root, innermost first.</summary>
    public static IEnumerable<string> WithAncestors(string path)
    {
        // The root is a drive, a volume, or a share of a server: \\?\C:\, \\?\Volume{…}\, \\?\UNC\server\share.
        var names = path.StartsWith(UncPrefix, StringComparison.OrdinalIgnoreCase) ? 3 : 1;
        var root = Prefix.Length;
        for (; names > 0 && root >= 0; names--)
            root = path.IndexOf('\\', root) is >= 0 and var slash ? slash + 1 : -1;
        for (var at = path.TrimEnd('\\'); root >= 0 && at.Length > root; at = at.Substring(0, at.LastIndexOf('\\')))
            yield return at;
        yield return root < 0 ? path : path.Substring(0, root);
    }

    private static bool HasPrefix(string path) =>
        path.StartsWith(Prefix, StringComparison.Ordinal) || path.StartsWith(DevicePrefix, StringComparison.Ordinal);
}
