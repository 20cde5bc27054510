using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Stream methods that one of the target frameworks lacks.</summary>
internal static class StreamExtensions
{
    /// <summary>Reads until a buffer is full or the stream ends.</summary>
    /// <returns>Number of bytes read.</returns>
    public static int ReadFully(this Stream stream, byte[] buffer, int offset, int count)
    {
        var total = 0;
        while (total < count)
        {
            var read = stream.Read(buffer, offset + total, count - total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }

    /// <inheritdoc cref="ReadFully"/>
    public static async Task<int> ReadFullyAsync(
        this Stream stream,
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    )
    {
        var total = 0;
        while (total < count)
        {
            var read = await stream
                .ReadAsync(buffer, offset + total, count - total, cancellationToken)
                .ConfigureAwait(false);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }

#if !NET
    public static void Write(this Stream stream, ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetArray(bytes, out var segment))
            stream.Write(segment.Array!, segment.Offset, segment.Count);
        else
            stream.Write(bytes.ToArray(), 0, bytes.Length);
    }
#else
    public static void Write(this Stream stream, ReadOnlyMemory<byte> bytes) => stream.Write(bytes.Span);
#endif
}
