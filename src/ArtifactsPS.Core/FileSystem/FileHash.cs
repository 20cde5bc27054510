using System.Buffers;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Hashes files.</summary>
internal static class FileHash
{
    private const int BufferSize = 1 << 20;

    /// <summary>Hashes a file.</summary>
    /// <exception cref="FileChangedWhileReadingException">The file was written to while it was read.</exception>
    public static Digest Of(string path, CancellationToken cancellationToken)
    {
        using var file = new FileReader(path);
        return Of(file, cancellationToken);
    }

    /// <summary>Hashes an open file from its start.</summary>
    /// <exception cref="FileChangedWhileReadingException">The file was written to while it was read.</exception>
    public static Digest Of(FileReader file, CancellationToken cancellationToken) =>
        Measure(file, cancellationToken).Digest;

    /// <summary>Hashes an open file from its start, and counts its bytes.</summary>
    /// <exception cref="FileChangedWhileReadingException">The file was written to while it was read.</exception>
    public static (Digest Digest, long Size) Measure(FileReader file, CancellationToken cancellationToken)
    {
        var expected = file.IsOfUnknownSize ? long.MaxValue : file.State.Size;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(expected, BufferSize));
        try
        {
            using var hash = new Sha256();
            long total = 0;
            int read;
            while (total < expected && (read = file.Read(buffer, 0, buffer.Length)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.Append(buffer, 0, read);
                total += read;
            }
            file.CheckUnchanged(total);
            return (hash.Finish(), total);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
