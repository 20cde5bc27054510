using System.Runtime.InteropServices;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Stores a large file as a separate object in a remote store. The file is read twice, the first time only for its digest.
/// An existing object is not sent again, and the upload needs no temporary copy.
/// </summary>
internal static class LargeObjectUploader
{
    /// <summary>Reads, hashes and stores a file.</summary>
    /// <param name="sent">Receives the number of bytes of each piece; also called if the object exists already.</param>
    /// <param name="find">Finds content that is stored in another form.</param>
    /// <returns>The stored content, and whether the store did not have it.</returns>
    /// <exception cref="FileChangedWhileReadingException">The file was modified while it was read. Nothing is
    /// stored.</exception>
    public static async Task<(Blob Blob, bool IsNew)> UploadAsync(
        IUploadingStore store,
        ReliedObjects objects,
        FileReader file,
        ContentWriter.FindStored find,
        Action<int> sent,
        CancellationToken cancellationToken
    )
    {
        var (digest, size) = FileHash.Measure(file, cancellationToken);
        var blob = new Blob(digest, size, new BlobLocation(new StoredObject(digest), 0));
        var known = await find(digest, size).ConfigureAwait(false);
        if (known is not null || await objects.TryAddAsync(digest, size, cancellationToken).ConfigureAwait(false))
        {
            for (var left = size; left > 0; left -= int.MaxValue)
                sent((int)Math.Min(left, int.MaxValue));
            return (known is { } location ? blob with { Location = location } : blob, false);
        }
        file.Rewind();
        using var hash = new Sha256();
        long total = 0;
        await store.UploadAsync(StoreLayout.ObjectKey(digest), ReadAsync, cancellationToken).ConfigureAwait(false);
        objects.Add(digest, size);
        return (blob, true);

        ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token)
        {
            token.ThrowIfCancellationRequested();
            if (!MemoryMarshal.TryGetArray<byte>(buffer, out var bytes))
                throw new ArgumentException("The buffer must be backed by an array.", nameof(buffer));
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
