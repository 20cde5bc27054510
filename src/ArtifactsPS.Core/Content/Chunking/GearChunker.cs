using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>
/// Divides content into chunks whose boundaries depend on the content, so that an edit changes only nearby boundaries. The
/// algorithm is FastCDC with a gear hash and normalized chunking (Xia et al., "FastCDC: a Fast and Efficient
/// Content-Defined Chunking Approach for Data Deduplication", USENIX ATC 2016). Chunks have 128 KiB to 2 MiB, about 512 KiB
/// on average. An edit costs about one chunk in addition to the changed bytes.
/// </summary>
internal static class GearChunker
{
    public const int MinSize = 128 << 10;
    public const int MaxSize = 2 << 20;

    private const int NormalSize = 512 << 10;

    // An average of 512 KiB needs 19 bits. The masks have two bits more before the normal size, and two bits fewer after it.
    // They select the high bits of the hash, which depend on the most bytes.
    private const ulong MaskBeforeNormal = 0xFFFFF80000000000;
    private const ulong MaskAfterNormal = 0xFFFF800000000000;

    private static readonly ulong[] Gear = CreateGear();

    /// <summary>Returns the length in bytes of the next chunk.</summary>
    /// <param name="bytes">The remaining content: at least <see cref="MaxSize"/> bytes, or all bytes up to the end.</param>
    public static int NextSize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= MinSize)
            return bytes.Length;
        var end = Math.Min(bytes.Length, MaxSize);
        var normal = Math.Min(end, NormalSize);
        ulong hash = 0;
        var boundary = FindBoundary(bytes.Slice(MinSize, normal - MinSize), MaskBeforeNormal, ref hash);
        if (boundary >= 0)
            return MinSize + boundary;
        boundary = FindBoundary(bytes.Slice(normal, end - normal), MaskAfterNormal, ref hash);
        return boundary >= 0 ? normal + boundary : end;
    }

    // Returns the number of bytes before the boundary; -1 without one. Spans in local variables double the speed: they need fewer
    // checks for each byte than an array in a field.
    private static int FindBoundary(ReadOnlySpan<byte> bytes, ulong mask, ref ulong state)
    {
        ReadOnlySpan<ulong> gear = Gear;
        var hash = state;
        for (var i = 0; i < bytes.Length; i++)
        {
            hash = (hash << 1) + gear[bytes[i]];
            if ((hash & mask) == 0)
                return i + 1;
        }
        state = hash;
        return -1;
    }

    // 256 pseudo-random numbers, the same on all machines.
    private static ulong[] CreateGear()
    {
        var gear = new ulong[256];
        Span<byte> digest = stackalloc byte[Digest.Length];
        for (var i = 0; i < gear.Length; i++)
        {
            Sha256
                .Of(Encoding.ASCII.GetBytes(string.Format(CultureInfo.InvariantCulture, "artifact-gear-{0}", i)))
                .CopyTo(digest);
            gear[i] = BinaryPrimitives.ReadUInt64BigEndian(digest);
        }
        return gear;
    }
}
