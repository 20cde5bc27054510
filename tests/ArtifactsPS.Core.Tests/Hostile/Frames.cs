using System.Buffers.Binary;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Valid and invalid Zstandard frames (RFC 8878).</summary>
internal static class Frames
{
    private const uint Magic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50;

    /// <summary>Compresses content that shrinks.</summary>
    public static byte[] Compress(byte[] content) =>
        ZstandardFrame.TryCompress(new ArraySegment<byte>(content)) is var (buffer, length)
            ? buffer[..length]
            : throw new ArgumentException("The content doesn't shrink.", nameof(content));

    /// <summary>Frame with uncompressed blocks.</summary>
    /// <param name="size">Size that the frame states; null for none.</param>
    /// <param name="window">Window descriptor; null for a frame whose window is its content.</param>
    /// <param name="dictionary">Id of a dictionary; 0 for none.</param>
    public static byte[] Raw(byte[] content, long? size, byte? window = null, byte dictionary = 0)
    {
        // A frame without a size needs a window descriptor.
        var hasWindow = window is not null || size is null;
        var frame = new List<byte>(content.Length + 100);
        frame.AddRange(LittleEndian(Magic, 4));
        frame.Add((byte)((size is null ? 0 : 0xC0) | (hasWindow ? 0 : 0x20) | (dictionary > 0 ? 1 : 0)));
        if (hasWindow)
            frame.Add(window ?? 0x50);
        if (dictionary > 0)
            frame.Add(dictionary);
        if (size is { } stated)
            frame.AddRange(LittleEndian(stated, 8));
        frame.AddRange(RawBlock(content));
        return [.. frame];
    }

    /// <summary>Frame of one block that repeats a zero.</summary>
    public static byte[] Zeros(int size) =>
        [.. LittleEndian(Magic, 4), 0xE0, .. LittleEndian(size, 8), .. LittleEndian(size << 3 | 1 << 1 | 1, 3), 0];

    /// <summary>Frame that a decoder skips.</summary>
    public static byte[] Skippable(int length) =>
        [.. LittleEndian(SkippableMagic, 4), .. LittleEndian(length, 4), .. new byte[length]];

    private static byte[] RawBlock(byte[] content) => [.. LittleEndian(content.Length << 3 | 1, 3), .. content];

    private static byte[] LittleEndian(long number, int length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes[..length];
    }
}
