using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>Copies blobs out of certain objects, each blob once. An unreadable blob stays where it is. Not safe for
/// concurrent callers.</summary>
/// <param name="writer">Receives the copies. It is not flushed.</param>
/// <param name="isSource">Whether blobs are to be moved out of an object.</param>
internal sealed class BlobRelocator(ContentReader content, ContentWriter writer, Func<Digest, bool> isSource)
{
    private readonly Dictionary<(Digest Digest, Digest Object, long Offset), BlobLocation?> _moved = [];

    /// <summary>Copies a blob if it, its chunk list or one of its chunks is in a source object.</summary>
    /// <returns>New location; null if the blob stays where it is.</returns>
    public async ValueTask<BlobLocation?> MoveAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Location.StoredIn is not { } source || !blob.Location.IsChunked && !isSource(source))
            return null;
        var key = (blob.Digest, source, blob.Location.Offset);
        if (_moved.TryGetValue(key, out var known))
            return known;
        try
        {
            return _moved[key] = blob.Location.IsChunked
                ? await MoveChunksAsync(blob, cancellationToken).ConfigureAwait(false)
                : await CopyAsync(blob, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectLostException)
        {
            return _moved[key] = null;
        }
    }

    private async Task<BlobLocation?> CopyAsync(Blob blob, CancellationToken cancellationToken)
    {
        // An object that contains a single file is named by the file's digest: a copy would be the same object.
        if (blob.Digest == blob.Location.Object.Digest)
            return null;
        var bytes = await content.ReadAsync(blob, cancellationToken).ConfigureAwait(false);
        // The index of the store names the object that the blob is to leave.
        var copy = await writer.AddCopyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return copy.Location;
    }

    private async Task<BlobLocation?> MoveChunksAsync(Blob blob, CancellationToken cancellationToken)
    {
        var listLocation = blob.Location;
        var list = await content.ReadChunkListAsync(listLocation, cancellationToken).ConfigureAwait(false);
        var moveList = isSource(listLocation.Object.Digest);
        if (!moveList && !list.Chunks.Any(chunk => isSource(chunk.Location.Object.Digest)))
            return null;
        var chunks = new List<Blob>();
        foreach (var chunk in list.Chunks)
            chunks.Add(
                await MoveAsync(chunk, cancellationToken).ConfigureAwait(false) is { } location
                    ? chunk with
                    {
                        Location = location,
                    }
                    : chunk
            );
        return await writer
            .AddChunkedAsync(blob.Digest, new ChunkList(chunks), cancellationToken)
            .ConfigureAwait(false);
    }
}
