using System.Runtime.InteropServices;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Stores a large file as an object of its own in a store that is far away. The file is read twice, the first time for its
/// digest alone: what is there already isn't sent, and nothing has to be kept on the way.
/// </summary>
internal static class LargeObjectUploader
{
    /// <summary>Reads, hashes and stores a file.</summary>
    /// <returns>The object's digest, which is the file's, and how many bytes it has.</returns>
    /// <exception cref="FileChangedWhileReadingException">It was written to meanwhile; nothing is stored.</exception>
    public static async Task<(Digest Digest, long Size)> UploadAsync(
        IUploadingStore store,
        ObjectProtection held,
        FileReader file,
        Action<int> sent,
        CancellationToken cancellationToken
    )
    {
        var (digest, size) = FileHash.Measure(file, cancellationToken);
        if (await held.TryAddAsync(digest, cancellationToken).ConfigureAwait(false))
        {
            for (var left = size; left > 0; left -= int.MaxValue)
                sent((int)Math.Min(left, int.MaxValue));
            return (digest, size);
        }
        file.Rewind();
        using var hash = new Sha256();
        long total = 0;
        var created = await store
            .UploadAsync(StoreLayout.ObjectKey(digest), ReadAsync, cancellationToken)
            .ConfigureAwait(false);
        await held.AddAsync(digest, created, cancellationToken).ConfigureAwait(false);
        return (digest, size);

        ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token)
        {
            token.ThrowIfCancellationRequested();
            if (!MemoryMarshal.TryGetArray<byte>(buffer, out var bytes))
                throw new ArgumentException("The buffer is no array.", nameof(buffer));
            var count = file.Read(bytes.Array!, bytes.Offset, bytes.Count);
            hash.Append(bytes.Array!, bytes.Offset, count);
            total += count;
            if (count > 0)
                sent(count);
            else
            {
                file.CheckUnchanged(total);
                if (hash.Finish() != digest)
                    throw new FileChangedWhileReadingException(file.Path);
            }
            return new ValueTask<int>(count);
        }
    }
}
