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

/// <summary>Stores files of an archive as they are unpacked, each once it was found to be what its entry says.</summary>
/// <param name="store">The store.</param>
/// <param name="known">What versions there hold.</param>
/// <param name="writer">Writes to the store; not flushed.</param>
/// <param name="progress">Counts files and bytes.</param>
internal sealed class ArchivedFileAdder(
    IObjectStore store,
    ExistingContent known,
    ContentWriter writer,
    TransferProgress progress
)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Unpacks a file and stores its content, unless it is there.</summary>
    /// <param name="entry">Of a file.</param>
    /// <param name="file">Of the entry's size, as far as the archive's directory tells.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="InvalidDataException">The file isn't the entry's.</exception>
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
                (digest, _) => known.FindAsync(entry.Path, digest, cancellationToken),
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
            await known.FindAsync(entry.Path, digest, cancellationToken).ConfigureAwait(false)
            ?? await WholeObject.FindAsync(writer.Held, digest, cancellationToken).ConfigureAwait(false);
        if (there is not { } location)
            return await WholeObject
                .WriteAsync(
                    store,
                    writer.Held,
                    digest,
                    write => ReadAsync(entry, file, write, cancellationToken),
                    cancellationToken
                )
                .ConfigureAwait(false);
        await ReadAsync(entry, file, (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        return location;
    }

    // Hands on as many bytes as the entry has and no more, and throws at the end if they are not its.
    private async Task ReadAsync(
        ArchivedEntry entry,
        ZipArchiveEntry file,
        Func<byte[], int, Task> write,
        CancellationToken cancellationToken
    )
    {
        var left = entry.Size!.Value;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferSize, left + 1));
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
                left -= read;
                if (left < 0)
                    throw new InvalidDataException($"'{entry.Path}' has more bytes than are told of it");
                hash.Append(buffer, 0, read);
                await write(buffer, read).ConfigureAwait(false);
                progress.AddBytes(read);
            }
            if (hash.Finish() != entry.Digest)
                throw new InvalidDataException($"'{entry.Path}' is not what its digest says");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
