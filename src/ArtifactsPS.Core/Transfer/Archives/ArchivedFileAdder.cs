using System.Buffers;
using System.IO.Compression;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
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
    private const int BufferSize = 1 << 20;

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
        await ReadAsync(entry, file, (buffer, count) => bytes.WriteAsync(buffer, 0, count), cancellationToken)
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
            ?? await WholeObject.FindAsync(writer.Protection, digest, cancellationToken).ConfigureAwait(false);
        if (there is not { } location)
            return await WholeObject
                .WriteAsync(
                    store,
                    writer.Protection,
                    digest,
                    write => ReadAsync(entry, file, write, cancellationToken),
                    cancellationToken
                )
                .ConfigureAwait(false);
        await ReadAsync(entry, file, (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        return location;
    }

    // Writes no more bytes than the entry has, and throws at the end if they don't match its digest.
    private async Task ReadAsync(
        ArchivedEntry entry,
        ZipArchiveEntry file,
        Func<byte[], int, Task> write,
        CancellationToken cancellationToken
    )
    {
        var remaining = entry.Size!.Value;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferSize, remaining + 1));
        try
        {
            using var hash = new Sha256();
            using var stream = file.Open();
            int read;
            while (
                (read = await stream.ReadFullyAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false))
                > 0
            )
            {
                remaining -= read;
                if (remaining < 0)
                    throw new InvalidDataException($"'{entry.Path}' is larger than its entry says");
                hash.Append(buffer, 0, read);
                await write(buffer, read).ConfigureAwait(false);
                progress.AddBytes(read);
            }
            if (hash.Finish() != entry.Digest)
                throw new InvalidDataException($"'{entry.Path}' doesn't match its digest");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
