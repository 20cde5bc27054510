using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>Reusable memory for the content of compressed blobs. Not safe for concurrent callers.</summary>
internal sealed class ContentBuffer : IDisposable
{
    private byte[] _content = [];

    /// <summary>Decompresses a blob if it is compressed, and checks its digest.</summary>
    /// <param name="stored">The bytes at the blob's location.</param>
    /// <param name="content">The content, valid until the next call.</param>
    /// <returns>False if the bytes are damaged.</returns>
    public bool TryDecode(Blob blob, ArraySegment<byte> stored, out ArraySegment<byte> content)
    {
        content = stored;
        return (blob.Location.Encoding != BlobEncoding.Zstandard || TryDecompress(blob, stored, out content))
            && Sha256.Of(content.Array!, content.Offset, content.Count) == blob.Digest;
    }

    /// <summary>Decompresses the frame of a blob. Its digest isn't checked.</summary>
    /// <inheritdoc cref="TryDecode"/>
    public bool TryDecompress(Blob blob, ArraySegment<byte> frame, out ArraySegment<byte> content) =>
        TryDecompress(blob, frame, WithLength, out content);

    /// <summary>Decompresses the frame of a blob into other memory. Its digest isn't checked.</summary>
    /// <param name="allocate">Returns memory of at least the given length in bytes.</param>
    /// <param name="content">The content, at the beginning of that memory.</param>
    /// <returns>False if the frame is damaged, or the blob is larger than the content of any frame.</returns>
    public static bool TryDecompress(
        Blob blob,
        ArraySegment<byte> frame,
        Func<int, byte[]> allocate,
        out ArraySegment<byte> content
    )
    {
        content = default;
        if (blob.Size > ZstandardFrame.MaxContentSize)
            return false;
        var size = (int)blob.Size;
        content = new ArraySegment<byte>(allocate(size), 0, size);
        try
        {
            ZstandardFrame.Decompress(frame, content);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (_content.Length > 0)
            BlobBuffers.Return(_content);
        _content = [];
    }

    private byte[] WithLength(int length)
    {
        if (_content.Length >= length)
            return _content;
        Dispose();
        return _content = BlobBuffers.Rent(length);
    }
}
