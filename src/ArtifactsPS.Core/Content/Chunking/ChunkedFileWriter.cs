using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>
/// Stores a changed large file by storing only the chunks that its earlier content lacks. The first version of a file is
/// stored as one object, at full speed. That object is divided into chunks when the file first changes; later versions have
/// a list of chunks.
/// </summary>
/// <param name="reader">Reads the earlier content.</param>
/// <param name="store">Stores a chunk, unless it was added before, and returns its location.</param>
internal sealed class ChunkedFileWriter(
    ContentReader reader,
    Func<Digest, ReadOnlyMemory<byte>, ValueTask<BlobLocation>> store
)
{
    /// <summary>Reads a file once and stores its new chunks.</summary>
    /// <param name="file">The file, positioned at its start.</param>
    /// <param name="read">Receives the number of bytes of each chunk.</param>
    /// <returns>Digest of the whole file, and its chunks.</returns>
    /// <exception cref="FileChangedWhileReadingException">The file was modified while it was read.</exception>
    public async Task<(Digest Digest, ChunkList Chunks)> WriteAsync(
        FileReader file,
        Blob earlier,
        Action<int> read,
        CancellationToken cancellationToken
    )
    {
        var known = new Dictionary<Digest, BlobLocation>();
        foreach (var chunk in (await reader.ChunksOfAsync(earlier, cancellationToken).ConfigureAwait(false)).Chunks)
            known[chunk.Digest] = chunk.Location;

        using var whole = new Sha256();
        var chunks = new List<Blob>();
        long total = 0;
        var source = new ChunkReader((buffer, offset, count) => Task.FromResult(file.Read(buffer, offset, count)));
        while (await source.NextAsync().ConfigureAwait(false) is { Count: > 0 } bytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The file and the chunk are hashed concurrently.
            var hashing = Task.Run(() => whole.Append(bytes.Array!, bytes.Offset, bytes.Count), CancellationToken.None);
            var digest = Sha256.Of(bytes.Array!, bytes.Offset, bytes.Count);
            var location = known.TryGetValue(digest, out var earlierLocation)
                ? earlierLocation
                : await store(digest, bytes.AsMemory()).ConfigureAwait(false);
            await hashing.ConfigureAwait(false);
            chunks.Add(new Blob(digest, bytes.Count, location));
            total += bytes.Count;
            read(bytes.Count);
        }
        file.CheckUnchanged(total);
        return (whole.Finish(), new ChunkList(chunks));
    }
}
