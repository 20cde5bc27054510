using System.Runtime.InteropServices;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>Blob in the form in which a pack stores it. Disposing returns the memory of a compressed blob.</summary>
internal readonly struct EncodedBlob : IDisposable
{
    private readonly byte[]? _rented;

    private EncodedBlob(Digest digest, int size, ReadOnlyMemory<byte> bytes, byte[]? rented)
    {
        Digest = digest;
        Size = size;
        Bytes = bytes;
        _rented = rented;
    }

    /// <summary>SHA-256 of the content.</summary>
    public Digest Digest { get; }

    /// <summary>Size of the content in bytes.</summary>
    public int Size { get; }

    /// <summary>The content, or its frame.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Compresses content, unless the store doesn't, or the content doesn't shrink.</summary>
    /// <param name="digest">SHA-256 of the content.</param>
    /// <param name="content">The content, in an array; unchanged until the blob is disposed.</param>
    public static EncodedBlob Of(Digest digest, ReadOnlyMemory<byte> content, StoreCompression compression) =>
        compression == StoreCompression.Zstandard
        && MemoryMarshal.TryGetArray(content, out var bytes)
        && ZstandardFrame.TryCompress(bytes) is var (buffer, length)
            ? new EncodedBlob(digest, content.Length, buffer.AsMemory(0, length), buffer)
            : new EncodedBlob(digest, content.Length, content, null);

    /// <summary>Location of the blob in a container.</summary>
    public BlobLocation At(BlobContainer container, long offset) =>
        _rented is null
            ? new BlobLocation(container, offset)
            : new BlobLocation(container, offset, BlobEncoding.Zstandard, Bytes.Length);

    public void Dispose()
    {
        if (_rented is not null)
            BlobBuffers.Return(_rented);
    }
}
