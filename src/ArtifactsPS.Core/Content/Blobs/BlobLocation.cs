using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Names an object, perhaps before its digest is known: a pack has one only when its last byte is written.
/// </summary>
public sealed class ObjectHandle
{
    private Digest? _digest;

    /// <summary>An object that is being written.</summary>
    internal ObjectHandle() { }

    /// <summary>An object of a known digest.</summary>
    public ObjectHandle(Digest digest) => _digest = digest;

    /// <summary>Null while the object is being written.</summary>
    public Digest? Digest
    {
        get => _digest;
        internal set => _digest = value;
    }

    /// <summary>The store's key.</summary>
    /// <exception cref="InvalidOperationException">The object is still being written.</exception>
    public string Key =>
        StoreLayout.ObjectKey(_digest ?? throw new InvalidOperationException("The object is still being written."));
}

/// <summary>Where a blob's bytes begin. The blob's size and digest stand beside it, with whoever names the blob.</summary>
/// <param name="Object">The object that holds the bytes; null for a blob of no bytes.</param>
/// <param name="Offset">In bytes from the object's beginning.</param>
/// <param name="ChunkListLength">0 where the bytes lie end to end. Else those of a <see cref="ChunkList"/>, which lies there
/// and says where the chunks of a large file are, in bytes.</param>
public readonly record struct BlobLocation(ObjectHandle? Object, long Offset, int ChunkListLength = 0)
{
    /// <summary>Whether the bytes are in chunks.</summary>
    public bool IsChunked => ChunkListLength > 0;
}

/// <summary>A run of bytes that is stored, at one place or in chunks.</summary>
/// <param name="Digest">SHA-256 of the bytes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Location">Where they are.</param>
public readonly record struct Blob(Digest Digest, long Size, BlobLocation Location);
