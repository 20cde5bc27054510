using System.IO.Compression;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>Stores files of an archive while they are unpacked. Each is checked against its entry before it counts as stored.</summary>
/// <param name="store">The store.</param>
/// <param name="existing">Content of versions in the store.</param>
/// <param name="writer">Writes to the store; not flushed.</param>
/// <param name="progress">Counts files and bytes.</param>
internal sealed class ArchivedFileAdder(
    IObjectStore store,
    ExistingContent existing,
    ContentWriter writer,
    TransferProgress progress
)
{
    /// <summary>Unpacks a file, and stores its content unless the store has it.</summary>
    /// <param name="entry">The entry of a file.</param>
    /// <param name="file">The packed file. Its size in the directory is the entry's.</param>
    /// <exception cref="InvalidDataException">The content doesn't match the entry.</exception>
    public async Task<ManifestEntry> AddAsync(
        ArchivedEntry entry,
        ZipArchiveEntry file,
        CancellationToken cancellationToken
    )
    {
        var location =
            entry.Size < ContentWriter.LargeFileSize
                ? await AddSmallAsync(entry, file, cancellationToken).ConfigureAwait(false)
                : await AddLargeAsync(entry, file, cancellationToken).ConfigureAwait(false);
        progress.AddFile();
        return ManifestEntry.File(
            entry.Path,
            new Blob(entry.Digest!.Value, entry.Size!.Value, location),
            entry.Executable
        );
    }

    private async Task<BlobLocation> AddSmallAsync(
        ArchivedEntry entry,
        ZipArchiveEntry file,
        CancellationToken cancellationToken
    )
    {
        using var bytes = new MemoryStream((int)entry.Size!.Value);
        using var content = new ArchivedContent(entry, file);
        await content
            .CopyAsync(
                (buffer, count) =>
                {
                    progress.AddBytes(count);
                    return bytes.WriteAsync(buffer, 0, count, cancellationToken);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        var blob = await writer
            .AddBytesAsync(
                bytes.GetBuffer().AsMemory(0, (int)bytes.Length),
                (digest, _) => existing.FindAsync(entry.Path, digest, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        return blob.Location;
    }

    private async Task<BlobLocation> AddLargeAsync(
        ArchivedEntry entry,
        ZipArchiveEntry file,
        CancellationToken cancellationToken
    )
    {
        var digest = entry.Digest!.Value;
        var there =
            await existing.FindAsync(entry.Path, digest, cancellationToken).ConfigureAwait(false)
            ?? await writer.FindStoredAsync(digest, entry.Size!.Value, cancellationToken).ConfigureAwait(false)
            ?? await WholeObject
                .FindAsync(writer.Objects, digest, entry.Size!.Value, cancellationToken)
                .ConfigureAwait(false);
        using var content = new ArchivedContent(entry, file);
        if (there is { } location)
        {
            // The archive is checked even where nothing of it is stored.
            await content.CopyAsync((_, count) => Count(count), cancellationToken).ConfigureAwait(false);
            return location;
        }
        var shrinks =
            writer.Compression != StoreCompression.None
            && ContentSample.Shrinks(await content.PeekAsync(cancellationToken).ConfigureAwait(false));
        return shrinks
            ? await AddChunksAsync(entry, content, cancellationToken).ConfigureAwait(false)
            : await AddObjectAsync(digest, content, cancellationToken).ConfigureAwait(false);
    }

    private async Task<BlobLocation> AddChunksAsync(
        ArchivedEntry entry,
        ArchivedContent content,
        CancellationToken cancellationToken
    )
    {
        using var source = new ChunkReader(
            (buffer, offset, count) => content.ReadAsync(buffer, offset, count, cancellationToken)
        );
        var blob = await new ChunkedFileWriter(writer)
            .AddAsync(entry.Digest!.Value, source, count => progress.AddBytes(count), cancellationToken)
            .ConfigureAwait(false);
        return blob?.Location ?? throw ArchivedContent.Mismatch(entry);
    }

    private Task<BlobLocation> AddObjectAsync(
        Digest digest,
        ArchivedContent content,
        CancellationToken cancellationToken
    ) =>
        WholeObject.WriteAsync(
            store,
            writer,
            digest,
            write =>
                content.CopyAsync(
                    async (bytes, count) =>
                    {
                        await write(bytes, count).ConfigureAwait(false);
                        progress.AddBytes(count);
                    },
                    cancellationToken
                ),
            cancellationToken
        );

    private Task Count(int count)
    {
        progress.AddBytes(count);
        return Task.CompletedTask;
    }
}
