using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>
/// Stores a large file that an earlier version had with other content: only the chunks that the earlier content doesn't
/// have. What the first version stored as one object, at full speed, is cut into chunks here, when it is first changed;
/// from then on the list of chunks says how.
/// </summary>
/// <param name="reader">Reads the earlier content.</param>
/// <param name="store">Stores a chunk, unless it was added before, and says where.</param>
internal sealed class ChunkedFileWriter(
    ContentReader reader,
    Func<Digest, ReadOnlyMemory<byte>, ValueTask<BlobLocation>> store
)
{
    /// <summary>Reads a file once and stores what is new in it.</summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <param name="earlier">The earlier content.</param>
    /// <param name="read">Told how many bytes were read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The file's digest, and its chunks.</returns>
    /// <exception cref="FileChangedWhileReadingException">It was written to meanwhile.</exception>
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
            // Both hashes at once: the file's on another core than the chunk's.
            var hashing = Task.Run(() => whole.Append(bytes.Array!, bytes.Offset, bytes.Count), CancellationToken.None);
            var digest = Sha256.Of(bytes.Array!, bytes.Offset, bytes.Count);
            var location = known.TryGetValue(digest, out var there)
                ? there
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
