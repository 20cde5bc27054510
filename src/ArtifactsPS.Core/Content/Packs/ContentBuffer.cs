using System.Buffers;
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
        if (blob.Location.Encoding == BlobEncoding.Zstandard)
        {
            if (blob.Size > ZstandardFrame.MaxContentSize)
                return false;
            content = new ArraySegment<byte>(WithLength((int)blob.Size), 0, (int)blob.Size);
            try
            {
                ZstandardFrame.Decompress(stored, content);
            }
            catch (InvalidDataException)
            {
                return false;
            }
        }
        return Sha256.Of(content.Array!, content.Offset, content.Count) == blob.Digest;
    }

    public void Dispose()
    {
        if (_content.Length > 0)
            ArrayPool<byte>.Shared.Return(_content);
        _content = [];
    }

    private byte[] WithLength(int length)
    {
        if (_content.Length >= length)
            return _content;
        Dispose();
        return _content = ArrayPool<byte>.Shared.Rent(length);
    }
}
