using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Stores large files. A file that doesn't shrink becomes one object. Another file is divided into chunks, which are compressed
/// and stored once. So is a file that replaces an earlier one. Safe for concurrent callers.
/// </summary>
internal sealed class LargeFileWriter(IObjectStore store, ContentWriter writer) : IDisposable
{
    // The chunk list of a larger file would be too long to be read in one piece.
    private const long MaxChunkedSize = 128L << 30;

    // Two at a time: a single large file keeps reading, hashing and writing busy.
    private readonly SemaphoreSlim _files = new(2);

    /// <summary>Reads a file and stores its content, unless the content is already stored.</summary>
    /// <exception cref="FileChangedWhileReadingException">The file was modified while it was read.</exception>
    public async Task<Blob> AddAsync(
        FileReader file,
        ContentWriter.FindEarlier? findEarlier,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        var earlier = findEarlier is null ? null : await findEarlier().ConfigureAwait(false);
        await _files.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (earlier is { Location.IsChunked: false } known && IsSame(file, known, cancellationToken))
            {
                progress.AddBytes(known.Size);
                progress.Tally.AddKnown();
                return known;
            }
            return await TryAddChunksAsync(file, earlier, progress, cancellationToken).ConfigureAwait(false)
                ?? await AddObjectAsync(file, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _files.Release();
        }
    }

    public void Dispose() => _files.Dispose();

    private static bool IsSame(FileReader file, Blob known, CancellationToken cancellationToken) =>
        known.Size == file.State.Size && FileHash.Of(file, cancellationToken) == known.Digest;

    // Returns null if the file is to be stored as one object.
    private async Task<Blob?> TryAddChunksAsync(
        FileReader file,
        Blob? earlier,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        if (file.State.Size > MaxChunkedSize)
            return null;
        var replaces = earlier is { Size: >= ContentWriter.LargeFileSize and <= MaxChunkedSize } ? earlier : null;
        if (replaces is null && !ContentSample.Shrinks(file, writer.Compression))
            return null;
        var chunks = new ChunkedFileWriter(writer);
        try
        {
            if (replaces is { } blob)
                await chunks.ReuseAsync(new ContentReader(store), blob, cancellationToken).ConfigureAwait(false);
            file.Rewind();
            var (added, isNew) = await chunks.AddAsync(file, progress, cancellationToken).ConfigureAwait(false);
            if (isNew)
                progress.Tally.AddChunked();
            else
                progress.Tally.AddKnown();
            return added;
        }
        catch (ObjectLostException)
        {
            // The earlier content is missing or damaged.
            return null;
        }
    }

    private async Task<Blob> AddObjectAsync(
        FileReader file,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        file.Rewind();
        var (blob, isNew) = store is IUploadingStore uploading
            ? await LargeObjectUploader
                .UploadAsync(
                    uploading,
                    writer.Objects,
                    file,
                    FindAsync,
                    count => progress.AddBytes(count),
                    cancellationToken
                )
                .ConfigureAwait(false)
            : await LargeObjectWriter
                .WriteAsync(
                    store,
                    writer.Objects,
                    file,
                    FindAsync,
                    count => progress.AddBytes(count),
                    cancellationToken
                )
                .ConfigureAwait(false);
        writer.Add(blob);
        if (isNew)
        {
            writer.Volume.AddContent(blob.Size);
            writer.Volume.AddStored(blob.Size);
            progress.Tally.AddLarge();
        }
        else
            progress.Tally.AddKnown();
        return blob;

        // The same file may have replaced another one, so that it is stored in chunks.
        ValueTask<BlobLocation?> FindAsync(Digest digest, long size) =>
            writer.FindStoredAsync(digest, size, cancellationToken);
    }
}
