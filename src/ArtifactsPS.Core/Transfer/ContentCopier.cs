using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer;

/// <summary>
/// Copies the content of entries to another store, except for content that the other store has. Copied content is checked
/// against its digest.
/// </summary>
/// <param name="source">Reads the store of the entries.</param>
/// <param name="destination">Reads the other store.</param>
/// <param name="existing">Content of versions in the other store.</param>
/// <param name="writer">Writes to the other store; not flushed.</param>
/// <param name="progress">Counts files and bytes, including those that need no transfer.</param>
internal sealed class ContentCopier(
    ContentReader source,
    ContentReader destination,
    ExistingContent existing,
    ContentWriter writer,
    TransferProgress progress
)
{
    /// <summary>Copies the content of entries.</summary>
    /// <returns>The same entries in the same order, with their places in the other store.</returns>
    /// <exception cref="ObjectMissingException">Content is missing.</exception>
    /// <exception cref="ObjectCorruptException">Content doesn't match its digest.</exception>
    public async Task<IReadOnlyList<ManifestEntry>> CopyAsync(
        IReadOnlyList<ManifestEntry> entries,
        CancellationToken cancellationToken
    )
    {
        progress.Expect(entries.Count, entries.Sum(entry => entry.Size ?? 0));
        var copies = new ManifestEntry[entries.Count];
        var toCopy = new List<(int Index, Blob Blob)>();
        for (var i = 0; i < copies.Length; i++)
            if (entries[i].Uri is not null)
            {
                copies[i] = entries[i];
                progress.AddFile();
            }
            else if (await FindAsync(entries[i], cancellationToken).ConfigureAwait(false) is { } location)
            {
                progress.AddBytes(entries[i].Blob.Size);
                Place(i, location);
            }
            else
                toCopy.Add((i, entries[i].Blob));

        using var queue = new BatchQueue<int>(source, CopyBatchAsync, cancellationToken);
        foreach (var batch in BlobBatch<int>.Plan(toCopy))
            await queue.AddAsync(batch).ConfigureAwait(false);
        await queue.CompleteAsync().ConfigureAwait(false);
        return copies;

        async Task CopyBatchAsync(BlobBatch<int> batch, byte[]? read, CancellationToken token)
        {
            if (batch.IsLarge)
            {
                var index = batch.Items[0].Item;
                Place(index, await CopyLargeAsync(entries[index], token).ConfigureAwait(false));
            }
            else
                await batch
                    .ReadAsync(
                        source,
                        async (index, bytes) =>
                        {
                            Place(index, await AddAsync(bytes, token).ConfigureAwait(false));
                            progress.AddBytes(bytes.Count);
                        },
                        (_, failure) => throw failure,
                        token,
                        read
                    )
                    .ConfigureAwait(false);
        }

        void Place(int index, BlobLocation location)
        {
            var entry = entries[index];
            copies[index] = ManifestEntry.File(entry.Path, entry.Blob with { Location = location }, entry.Executable);
            progress.AddFile();
        }
    }

    // Finds content that the other store has already.
    private async ValueTask<BlobLocation?> FindAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var blob = entry.Blob;
        if (blob.Size == 0)
            return default(BlobLocation);
        var found =
            await existing.FindAsync(entry.Path, blob.Digest, cancellationToken).ConfigureAwait(false)
            ?? await writer.FindStoredAsync(blob.Digest, blob.Size, cancellationToken).ConfigureAwait(false);
        if (found is not null || blob.Size < ContentWriter.LargeFileSize)
            return found;
        // A large file is an object of its own, and may have come from another artifact.
        return await WholeObject
            .FindAsync(writer.Objects, blob.Digest, blob.Size, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<BlobLocation> CopyLargeAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var blob = entry.Blob;
        if (blob.Size < ContentWriter.LargeFileSize)
        {
            var bytes = await source.ReadAsync(blob, cancellationToken).ConfigureAwait(false);
            progress.AddBytes(bytes.Length);
            return await AddAsync(new ArraySegment<byte>(bytes), cancellationToken).ConfigureAwait(false);
        }
        if (!blob.Location.IsChunked)
            return await CopyObjectAsync(blob, cancellationToken).ConfigureAwait(false);
        var earlier = await existing.AtPathAsync(entry.Path, cancellationToken).ConfigureAwait(false);
        return await CopyChunksAsync(blob, earlier, cancellationToken).ConfigureAwait(false);
    }

    private Task<BlobLocation> CopyObjectAsync(Blob blob, CancellationToken cancellationToken) =>
        source.RereadAsync(content =>
            WholeObject.WriteAsync(
                destination.Store,
                writer,
                blob.Digest,
                write =>
                    content.CopyAsync(
                        blob,
                        async (bytes, count) =>
                        {
                            await write(bytes, count).ConfigureAwait(false);
                            progress.AddBytes(count);
                        },
                        cancellationToken
                    ),
                cancellationToken
            )
        );

    // Copies the chunks of a large file that the other store lacks. The other chunks are read there, so that the whole file is
    // checked against its digest.
    private async Task<BlobLocation> CopyChunksAsync(Blob blob, Blob? earlier, CancellationToken cancellationToken)
    {
        var there = new Dictionary<Digest, BlobLocation>();
        if (earlier is { Size: >= ContentWriter.LargeFileSize } changed)
            foreach (
                var chunk in (await destination.ChunksOfAsync(changed, cancellationToken).ConfigureAwait(false)).Chunks
            )
                there[chunk.Digest] = chunk.Location;
        var list = await source.ReadChunkListAsync(blob.Location, cancellationToken).ConfigureAwait(false);

        using var whole = new Sha256();
        var chunks = new List<Blob>(list.Chunks.Count);
        foreach (var chunk in list.Chunks)
        {
            var added = writer.FindAdded(chunk.Digest);
            var stored = added is null ? await FindChunkAsync(chunk).ConfigureAwait(false) : null;
            // An added chunk may not be durable in the other store yet.
            var bytes = stored is { } found
                ? await destination.ReadAsync(chunk with { Location = found }, cancellationToken).ConfigureAwait(false)
                : await source.ReadAsync(chunk, cancellationToken).ConfigureAwait(false);
            var location =
                added
                ?? stored
                ?? await AddAsync(new ArraySegment<byte>(bytes), cancellationToken).ConfigureAwait(false);
            // Parts of an object are not in the index yet.
            if (earlier is { Location.IsChunked: false } && location == stored && there.ContainsKey(chunk.Digest))
                writer.AddToIndexLater(chunk with { Location = location });
            whole.Append(bytes, 0, bytes.Length);
            progress.AddBytes(bytes.Length);
            chunks.Add(chunk with { Location = location });
        }
        if (whole.Finish() != blob.Digest)
            throw source.Mismatch(blob);
        return await writer
            .AddChunkedAsync(blob.Digest, new ChunkList(chunks), cancellationToken)
            .ConfigureAwait(false);

        ValueTask<BlobLocation?> FindChunkAsync(Blob chunk) =>
            there.TryGetValue(chunk.Digest, out var location)
                ? new ValueTask<BlobLocation?>(location)
                : writer.FindStoredAsync(chunk.Digest, chunk.Size, cancellationToken);
    }

    private async Task<BlobLocation> AddAsync(ArraySegment<byte> bytes, CancellationToken cancellationToken)
    {
        var blob = await writer
            .AddBytesAsync(bytes, ContentWriter.FindNothing, cancellationToken)
            .ConfigureAwait(false);
        return blob.Location;
    }
}
