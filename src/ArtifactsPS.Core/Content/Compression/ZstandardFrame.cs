using System.Buffers.Binary;
using ArtifactsPS.Core.Content.Blobs;

namespace ArtifactsPS.Core.Content.Compression;

/// <summary>
/// Zstandard frames (RFC 8878) that state the size of their content. Each frame contains one blob, and needs no dictionary.
/// Safe for concurrent callers.
/// </summary>
internal static class ZstandardFrame
{
    /// <summary>Largest size in bytes of a frame's content. Bounds the memory that a hostile frame can claim.</summary>
    public const int MaxContentSize = 64 << 20;

    /// <summary>Smallest of the two numbers that stand for no size: <c>ZSTD_CONTENTSIZE_ERROR</c> and
    /// <c>ZSTD_CONTENTSIZE_UNKNOWN</c> of zstd.h.</summary>
    public const ulong FirstInvalidSize = ulong.MaxValue - 1;

    // Shorter content shrinks by a few bytes at best.
    private const int MinContentSize = 512;

    private const uint Magic = 0xFD2FB528;

    private static readonly IZstandard Zstandard = NativeZstandard.TryLoad() ?? (IZstandard)new ManagedZstandard();

    // No JSON text begins like this.
    private static bool IsFrame(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic;

    /// <summary>Compresses content into a rented buffer, unless that saves less than 1/32 of its size.</summary>
    /// <returns>The buffer, which the caller returns, and the length of the frame; null if the content is to
    /// be stored as it is.</returns>
    public static (byte[] Buffer, int Length)? TryCompress(ArraySegment<byte> content)
    {
        if (content.Count is < MinContentSize or > MaxContentSize)
            return null;
        var maxLength = content.Count - content.Count / 32;
        var buffer = BlobBuffers.Rent(maxLength);
        var strategy = ZstandardStrategy.For(content);
        if (Zstandard.TryCompress(content, buffer.AsSpan(0, maxLength), strategy) is { } length)
            return (buffer, length);
        BlobBuffers.Return(buffer);
        return null;
    }

    /// <summary>Decompresses a frame whose content has a known size.</summary>
    /// <param name="content">Receives the content; exactly as long as the content is expected to be.</param>
    /// <exception cref="InvalidDataException">The bytes are not one frame with content of that size.</exception>
    public static void Decompress(ArraySegment<byte> frame, ArraySegment<byte> content)
    {
        if (SizeOfContent(frame) != content.Count)
            throw new InvalidDataException($"the Zstandard frame doesn't contain {content.Count} bytes");
        if (!IsOneFrame(frame))
            throw new InvalidDataException("the bytes are not one whole Zstandard frame");
        if (Zstandard.Decompress(frame, content) != content.Count)
            throw new InvalidDataException("the Zstandard frame is too short");
    }

    /// <summary>Decompresses a frame of JSON, or returns JSON that is not compressed.</summary>
    /// <param name="maxSize">Largest size of the content in bytes.</param>
    /// <exception cref="InvalidDataException">The bytes are an invalid frame, or the content is larger.</exception>
    public static byte[] DecompressJson(byte[] bytes, int maxSize) =>
        IsFrame(bytes) ? DecompressJson(new ArraySegment<byte>(bytes), maxSize, size => new byte[size]).Array! : bytes;

    /// <inheritdoc cref="DecompressJson(byte[], int)"/>
    /// <param name="allocate">Returns memory of at least the given length in bytes. Not called for JSON that is not
    /// compressed.</param>
    public static ArraySegment<byte> DecompressJson(ArraySegment<byte> bytes, int maxSize, Func<int, byte[]> allocate)
    {
        if (!IsFrame(bytes))
            return bytes;
        var size = SizeOfContent(bytes);
        if (size > maxSize)
            throw new InvalidDataException($"the Zstandard frame claims {size} bytes; at most {maxSize} are allowed");
        var content = new ArraySegment<byte>(allocate(size), 0, size);
        Decompress(bytes, content);
        return content;
    }

    // False also for a truncated frame, and for one that is followed by a skippable or an empty frame.
    private static bool IsOneFrame(ArraySegment<byte> bytes) => Zstandard.FrameLength(bytes) == (ulong)bytes.Count;

    /// <exception cref="InvalidDataException">The bytes don't begin with a frame that states a valid size.</exception>
    private static int SizeOfContent(ArraySegment<byte> frame)
    {
        if (!IsFrame(frame))
            throw new InvalidDataException("the bytes are not a Zstandard frame");
        return Zstandard.ContentSize(frame) is <= MaxContentSize and var size
            ? (int)size
            : throw new InvalidDataException("the Zstandard frame states no size, or too large a size");
    }
}
