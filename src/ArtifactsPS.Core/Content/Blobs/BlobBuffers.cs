using System.Buffers;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Reused arrays for blobs. Of each large size, few are kept: the shared pool keeps one for each thread, which together
/// take more memory than all other data of a process that publishes files of several MiB.</summary>
internal static class BlobBuffers
{
    // Arrays of both pools have lengths that are powers of two, so an array returns to the pool that it came from.
    private const int MaxSharedLength = 1 << 20;
    private const int MaxLargeLength = 16 << 20;
    private const int LargeArraysKept = 3;

    private static readonly ArrayPool<byte> Large = ArrayPool<byte>.Create(MaxLargeLength, LargeArraysKept);

    /// <summary>Rents an array.</summary>
    /// <param name="length">Minimum length in bytes.</param>
    public static byte[] Rent(int length) => (length <= MaxSharedLength ? ArrayPool<byte>.Shared : Large).Rent(length);

    /// <summary>Returns an array that was rented here.</summary>
    public static void Return(byte[] buffer) =>
        (buffer.Length <= MaxSharedLength ? ArrayPool<byte>.Shared : Large).Return(buffer);
}
