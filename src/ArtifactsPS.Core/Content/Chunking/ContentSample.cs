using System.Buffers;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>Decides by a sample whether a large file shrinks when it is divided into chunks and compressed.</summary>
internal static class ContentSample
{
    private const int Blocks = 64;
    private const int BlockSize = 8 << 10;

    /// <summary>Whether blocks from all parts of a file shrink together: each by itself, or because some are equal.</summary>
    /// <param name="file">The file; its position changes.</param>
    public static bool Shrinks(FileReader file, StoreCompression compression)
    {
        if (compression == StoreCompression.None)
            return false;
        var sample = ArrayPool<byte>.Shared.Rent(Blocks * BlockSize);
        try
        {
            var total = 0;
            for (var i = 0; i < Blocks; i++)
            {
                // Aligned, so that equal parts of a file have equal blocks.
                file.Seek(file.State.Size / Blocks * i / BlockSize * BlockSize);
                total += file.Read(sample, total, BlockSize);
            }
            return Shrinks(new ArraySegment<byte>(sample, 0, total));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sample);
        }
    }

    /// <summary>Whether a sample of content shrinks.</summary>
    public static bool Shrinks(ArraySegment<byte> sample)
    {
        if (ZstandardFrame.TryCompress(sample) is not var (buffer, _))
            return false;
        ArrayPool<byte>.Shared.Return(buffer);
        return true;
    }
}
