namespace ArtifactsPS.Core.Content.Compression;

/// <summary>An implementation of Zstandard (RFC 8878). Safe for concurrent callers. Frames of one implementation are readable
/// by any other.</summary>
internal interface IZstandard
{
    /// <summary>Compresses content into one frame that states the size of its content.</summary>
    /// <param name="frame">Receives the frame.</param>
    /// <returns>Length of the frame in bytes; null if it doesn't fit.</returns>
    int? TryCompress(ReadOnlySpan<byte> content, Span<byte> frame, ZstandardStrategy strategy);

    /// <summary>Decompresses one frame.</summary>
    /// <param name="content">Receives the content.</param>
    /// <returns>Length of the content in bytes.</returns>
    /// <exception cref="InvalidDataException">The frame is damaged, or its content is longer.</exception>
    int Decompress(ReadOnlySpan<byte> frame, Span<byte> content);

    /// <summary>Size in bytes that a frame states for its content; null if it states none, or is invalid.</summary>
    ulong? ContentSize(ReadOnlySpan<byte> frame);

    /// <summary>Length in bytes of the first frame of bytes; null if it is invalid or truncated.</summary>
    ulong? FrameLength(ReadOnlySpan<byte> bytes);
}
