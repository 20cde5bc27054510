using System.Buffers;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Target file of a reference with a <c>file:</c> URI.</summary>
public static class ReferencedFile
{
    private const int BufferSize = 1 << 20;

    /// <summary>Returns the full path of the file; null for another kind of URI.</summary>
    public static string? PathOf(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.IsFile ? parsed.LocalPath : null;

    /// <summary>Converts a full path to a URI. <see cref="Uri"/> would treat <c>%41</c> in a path as an escaped letter.</summary>
    public static string UriOf(string path)
    {
        var onWindows = Path.DirectorySeparatorChar == '\\';
        var text = onWindows ? path.Replace('\\', '/') : path;
        var escaped = string.Join("/", text.Split('/').Select(Uri.EscapeDataString));
        if (onWindows)
            escaped = escaped.Replace("%3A", ":");
        return escaped.StartsWith("//", StringComparison.Ordinal) ? "file:" + escaped
            : escaped[0] == '/' ? "file://" + escaped
            : "file:///" + escaped;
    }

    /// <exception cref="FileChangedWhileReadingException">The file was written to while it was read.</exception>
    public static (Digest Digest, long Size) Hash(string path, CancellationToken cancellationToken)
    {
        using var file = new FileReader(path);
        return FileHash.Measure(file, cancellationToken);
    }

    /// <summary>Opens the target of a reference after checking that it is unchanged since the reference was added.</summary>
    /// <exception cref="ReferenceNotReadableException">The target is not a file.</exception>
    /// <exception cref="ReferenceChangedException">The target is missing or changed.</exception>
    public static async Task<Stream> OpenCheckedAsync(ManifestEntry reference, CancellationToken cancellationToken)
    {
        if (PathOf(reference.Uri!) is not { } source)
            throw new ReferenceNotReadableException(reference.Path.ToString(), reference.Uri!);
        return await TemporaryFile
            .CreateAsync(write => CopyAsync(reference, source, write, new TransferProgress(), cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Copies the target of a reference in pieces. Throws at the end if the content doesn't match the digest.</summary>
    /// <exception cref="ReferenceChangedException">The target is missing or changed.</exception>
    internal static async Task CopyAsync(
        ManifestEntry reference,
        string source,
        Func<byte[], int, Task> write,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        if (!LocalFileSystem.Current.IsFile(source))
            throw Changed(reference, "which does not exist any more");
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = new Sha256();
            using var file = new FileReader(source);
            int read;
            while ((read = file.Read(buffer, 0, buffer.Length)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.Append(buffer, 0, read);
                await write(buffer, read).ConfigureAwait(false);
                progress.AddBytes(read);
            }
            if (reference.Digest is { } digest && hash.Finish() != digest)
                throw Changed(reference, "whose content has changed");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ReferenceChangedException Changed(ManifestEntry reference, string fault) =>
        new(reference.Path.ToString(), reference.Uri!, fault);
}
