using System.Text;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>List of the SHA-256 of a version's files, as <c>sha256sum</c> writes and checks it. References are not listed.</summary>
public static class ChecksumFile
{
    private const int FlushedAt = 1 << 16;

    /// <summary>Writes the list to a file, sorted by path.</summary>
    /// <param name="path">Full path of the list.</param>
    /// <param name="replaces">Whether an existing file is replaced.</param>
    /// <returns>False if the file exists, and is not to be replaced.</returns>
    public static Task<bool> TryWriteAsync(
        Manifest manifest,
        string path,
        bool replaces,
        CancellationToken cancellationToken
    ) =>
        FileReplacement.TryWriteAsync(
            path,
            replaces,
            async target =>
            {
                var lines = new StringBuilder();
                await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
                {
                    // Paths of entries have no line breaks and backslashes, which coreutils would escape.
                    if (entry.Uri is null)
                        lines.Append(entry.Digest!.Value.Hex).Append("  ").Append(entry.Path).Append('\n');
                    if (lines.Length > FlushedAt)
                        await FlushAsync(lines, target, cancellationToken).ConfigureAwait(false);
                }
                await FlushAsync(lines, target, cancellationToken).ConfigureAwait(false);
            }
        );

    private static async Task FlushAsync(StringBuilder lines, Stream target, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(lines.ToString());
        lines.Clear();
        await target.WriteAsync(bytes, 0, bytes.Length, cancellationToken).ConfigureAwait(false);
    }
}
