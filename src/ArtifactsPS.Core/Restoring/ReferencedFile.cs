using System.Buffers;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>The file that a reference with a <c>file:</c> URI leads to.</summary>
public static class ReferencedFile
{
    private const int BufferSize = 1 << 20;

    /// <summary>The file's full path; null for a URI of another kind.</summary>
    public static string? PathOf(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.IsFile ? parsed.LocalPath : null;

    /// <summary>A full path as a URI. <see cref="Uri"/> itself takes a <c>%41</c> in a path for an escaped letter.</summary>
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

    /// <summary>Hashes a file.</summary>
    /// <exception cref="FileChangedWhileReadingException">It was written to meanwhile.</exception>
    public static (Digest Digest, long Size) Hash(string path, CancellationToken cancellationToken)
    {
        using var file = new FileReader(path);
        return FileHash.Measure(file, cancellationToken);
    }

    /// <summary>Opens what a reference leads to, once it was found to be what it was when the reference was added.</summary>
    /// <exception cref="ReferenceNotReadableException">It leads to no file.</exception>
    /// <exception cref="ReferenceChangedException">It is gone, or not what it was.</exception>
    public static async Task<Stream> OpenCheckedAsync(ManifestEntry reference, CancellationToken cancellationToken)
    {
        if (PathOf(reference.Uri!) is not { } source)
            throw new ReferenceNotReadableException(reference.Path.ToString(), reference.Uri!);
        return await TemporaryFile
            .MakeAsync(write => CopyAsync(reference, source, write, new TransferProgress(), cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Hands on what a reference leads to, piece by piece. Throws at the end if it doesn't match the reference's
    /// digest.</summary>
    /// <exception cref="ReferenceChangedException">It is gone, or not what it was.</exception>
    internal static async Task CopyAsync(
        ManifestEntry reference,
        string source,
        Func<byte[], int, Task> write,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        if (!File.Exists(source))
            throw Changed(reference, "which is not there any more");
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
