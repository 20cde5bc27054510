using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Location of a blob's bytes. The default value is the location of an empty blob, which needs no object.</summary>
/// <param name="Container">Object that holds the bytes, possibly a pack being written; null for an empty blob.</param>
/// <param name="Offset">Offset of the first byte in the object.</param>
/// <param name="ChunkListLength">0 if the bytes are contiguous. Otherwise the length in bytes of the
/// <see cref="ChunkList"/> at the offset, which locates the chunks of a large file.</param>
public readonly record struct BlobLocation(BlobContainer? Container, long Offset, int ChunkListLength = 0)
{
    public bool IsEmpty => Container is null;

    /// <summary>Whether the bytes are split into chunks.</summary>
    public bool IsChunked => ChunkListLength > 0;

    /// <summary>Stored object that holds the bytes.</summary>
    /// <exception cref="InvalidOperationException">The blob is empty, or its pack is still being written.</exception>
    public StoredObject Object =>
        Container?.Stored ?? throw new InvalidOperationException("An empty blob has no object.");

    /// <summary>Digest of the stored object; null for an empty blob or a pack that is still being written.</summary>
    internal Digest? StoredIn => Container?.StoredOrDefault?.Digest;
}

/// <summary>Bytes with a digest and a location: the content of a file, a chunk or a page.</summary>
/// <param name="Digest">SHA-256 of the bytes.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Location">Location of the bytes.</param>
public readonly record struct Blob(Digest Digest, long Size, BlobLocation Location);
