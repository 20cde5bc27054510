using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Compares two files, or the files of two folders, by their bytes. Links are followed.</summary>
public static class FolderContentComparison
{
    /// <summary>Compares.</summary>
    /// <returns>Differences of the first from the second, sorted by path; empty for none.</returns>
    public static async Task<IReadOnlyList<string>> CompareAsync(
        string actual,
        string expected,
        CancellationToken cancellationToken
    )
    {
        if (File.Exists(actual) != File.Exists(expected))
            return [$"'{(File.Exists(actual) ? actual : expected)}' is a file, and the other is a folder"];
        if (File.Exists(actual))
            return await AreEqualAsync(actual, expected, cancellationToken).ConfigureAwait(false)
                ? []
                : ["the bytes differ"];
        var left = FilesOf(actual);
        var right = FilesOf(expected);
        var found = new List<string>();
        foreach (
            var path in left
                .Keys.Union(right.Keys, StringComparer.Ordinal)
                .OrderBy(path => path, StringComparer.Ordinal)
        )
            if (!left.TryGetValue(path, out var file))
                found.Add($"Missing '{path}'");
            else if (!right.TryGetValue(path, out var other))
                found.Add($"Extra '{path}'");
            else if (!await AreEqualAsync(file, other, cancellationToken).ConfigureAwait(false))
                found.Add($"Changed '{path}'");
        return found;
    }

    private static Dictionary<string, string> FilesOf(string folder)
    {
        var root = folder.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        return Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .ToDictionary(
                file => file.Substring(root.Length + 1).Replace(Path.DirectorySeparatorChar, '/'),
                StringComparer.Ordinal
            );
    }

    private static async Task<bool> AreEqualAsync(string left, string right, CancellationToken cancellationToken) =>
        new FileInfo(left).Length == new FileInfo(right).Length
        && await HashAsync(left, cancellationToken).ConfigureAwait(false)
            == await HashAsync(right, cancellationToken).ConfigureAwait(false);

    private static async Task<Digest> HashAsync(string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using var hash = new Sha256();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await file.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            hash.Append(buffer, 0, read);
        return hash.Finish();
    }
}
