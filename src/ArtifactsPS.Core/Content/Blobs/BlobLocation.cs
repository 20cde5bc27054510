using System.Globalization;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Form in which an object holds a blob.</summary>
public enum BlobEncoding : byte
{
    /// <summary>The blob's own bytes.</summary>
    Raw,

    /// <summary>One Zstandard frame.</summary>
    Zstandard,

    /// <summary>A <see cref="ChunkList"/>, which locates the chunks of a large file.</summary>
    Chunked,
}

/// <summary>Location of a blob's bytes. The default value is the location of an empty blob, which needs no object.</summary>
/// <param name="Container">Object that holds the bytes, possibly a pack being written; null for an empty blob.</param>
/// <param name="Offset">Offset of the first byte in the object.</param>
/// <param name="Encoding">Form of the bytes in the object.</param>
/// <param name="EncodedLength">Length in bytes of the frame or of the chunk list; 0 for a raw blob, which is as long as its
/// content.</param>
public readonly record struct BlobLocation(
    BlobContainer? Container,
    long Offset,
    BlobEncoding Encoding = BlobEncoding.Raw,
    int EncodedLength = 0
)
{
    public bool IsEmpty => Container is null;

    /// <summary>Whether the bytes are split into chunks.</summary>
    public bool IsChunked => Encoding == BlobEncoding.Chunked;

    /// <summary>Stored object that holds the bytes.</summary>
    /// <exception cref="InvalidOperationException">The blob is empty, or its pack is still being written.</exception>
    public StoredObject Object =>
        Container?.Stored ?? throw new InvalidOperationException("An empty blob has no object.");

    /// <summary>Digest of the stored object; null for an empty blob or a pack that is still being written.</summary>
    internal Digest? StoredIn => Container?.StoredOrDefault?.Digest;

    /// <summary>Location of a Zstandard frame.</summary>
    /// <param name="length">Length of the frame in bytes.</param>
    /// <param name="size">Size of its content, which is larger: other content is stored as it is.</param>
    /// <exception cref="InvalidDataException">The length is 0, or not less than the size.</exception>
    internal static BlobLocation OfFrame(StoredObject source, long offset, long length, long size) =>
        length > 0 && length < size && length <= int.MaxValue
            ? new BlobLocation(source, offset, BlobEncoding.Zstandard, (int)length)
            : throw new InvalidDataException(
                string.Format(CultureInfo.InvariantCulture, "the stored length {0} is out of range", length)
            );

    /// <summary>Number of bytes in the object for content of a given size: of the content, its frame, or its chunk list.</summary>
    internal long StoredLength(long size) => Encoding == BlobEncoding.Raw ? size : EncodedLength;
}

/// <summary>Bytes with a digest and a location: the content of a file, a chunk or a page.</summary>
/// <param name="Digest">SHA-256 of the bytes.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Location">Location of the bytes.</param>
public readonly record struct Blob(Digest Digest, long Size, BlobLocation Location)
{
    /// <summary>Number of bytes at the location: of the content, its frame, or its chunk list.</summary>
    internal long StoredLength => Location.StoredLength(Size);
}
