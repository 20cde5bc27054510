using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>Stores blobs anew that lie in certain objects, each once. One that can't be read whole stays where it is. Not
/// for concurrent callers.</summary>
/// <param name="content">Where they are read.</param>
/// <param name="writer">Where they go; not flushed.</param>
/// <param name="leaves">Whether an object is one that blobs are to leave.</param>
internal sealed class BlobRelocator(ContentReader content, ContentWriter writer, Func<Digest, bool> leaves)
{
    private readonly Dictionary<(Digest Digest, Digest Object, long Offset), BlobLocation?> _moved = [];

    /// <summary>Stores a blob anew if it lies in such an object, or part of it does.</summary>
    /// <returns>Where it is then; null when it stays where it is.</returns>
    public async ValueTask<BlobLocation?> MoveAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Location.StoredIn is not { } source || !blob.Location.IsChunked && !leaves(source))
            return null;
        var key = (blob.Digest, source, blob.Location.Offset);
        if (_moved.TryGetValue(key, out var known))
            return known;
        try
        {
            return _moved[key] = blob.Location.IsChunked
                ? await MoveChunksAsync(blob.Location, cancellationToken).ConfigureAwait(false)
                : await CopyAsync(blob, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectLostException)
        {
            return _moved[key] = null;
        }
    }

    private async Task<BlobLocation?> CopyAsync(Blob blob, CancellationToken cancellationToken)
    {
        // An object that is one file has its name from the file: it would be the same one again.
        if (blob.Digest == blob.Location.Object.Digest)
            return null;
        var bytes = await content.ReadAsync(blob, cancellationToken).ConfigureAwait(false);
        var copy = await writer
            .AddBytesAsync(bytes, ContentWriter.NothingStored, cancellationToken)
            .ConfigureAwait(false);
        return copy.Location;
    }

    private async Task<BlobLocation?> MoveChunksAsync(BlobLocation location, CancellationToken cancellationToken)
    {
        var list = await content.ReadChunkListAsync(location, cancellationToken).ConfigureAwait(false);
        var listLeaves = leaves(location.Object.Digest);
        if (!listLeaves && !list.Chunks.Any(chunk => leaves(chunk.Location.Object.Digest)))
            return null;
        var chunks = new List<Blob>();
        foreach (var chunk in list.Chunks)
            chunks.Add(
                await MoveAsync(chunk, cancellationToken).ConfigureAwait(false) is { } there
                    ? chunk with
                    {
                        Location = there,
                    }
                    : chunk
            );
        return await writer.AppendAsync(new ChunkList(chunks), cancellationToken).ConfigureAwait(false);
    }
}
