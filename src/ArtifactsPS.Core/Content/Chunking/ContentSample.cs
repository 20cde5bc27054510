using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>Decides by a sample whether a large file shrinks when it is divided into chunks and compressed.</summary>
internal static class ContentSample
{
    private const int Parts = 64;
    private const int AlignedSize = 8 << 10;
    private const int UnalignedSize = 4 << 10;

    // Odd, so that its multiples are spread over all offsets.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>Whether blocks from all parts of a file shrink together: each by itself, or because some are equal.</summary>
    /// <param name="file">The file; its position changes.</param>
    public static bool Shrinks(FileReader file, StoreCompression compression)
    {
        if (compression == StoreCompression.None)
            return false;
        var sample = BlobBuffers.Rent(Parts * (AlignedSize + UnalignedSize));
        var total = 0;
        try
        {
            var length = file.State.Size / Parts;
            for (var i = 0; i < Parts; i++)
            {
                // Parts of a file that repeat at a distance of a power of two have equal blocks.
                Read(length * i / AlignedSize * AlignedSize, AlignedSize);
                // At other distances, up to several MiB, some of these blocks overlap with others.
                var places = (ulong)Math.Max(1, length - UnalignedSize);
                Read(length * i + (long)((ulong)i * Spread % places), UnalignedSize);
            }
            return Shrinks(new ArraySegment<byte>(sample, 0, total));
        }
        finally
        {
            BlobBuffers.Return(sample);
        }

        void Read(long offset, int count)
        {
            file.Seek(offset);
            total += file.Read(sample, total, count);
        }
    }

    /// <summary>Whether a sample of content shrinks.</summary>
    public static bool Shrinks(ArraySegment<byte> sample)
    {
        if (ZstandardFrame.TryCompress(sample) is not var (buffer, _))
            return false;
        BlobBuffers.Return(buffer);
        return true;
    }
}
