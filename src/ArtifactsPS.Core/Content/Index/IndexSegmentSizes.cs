using System.Buffers.Binary;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>Sizes of the parts of a segment of the index.</summary>
/// <param name="Replaced">Number of replaced segments.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="Records">Number of records.</param>
/// <param name="FilterLength">Length of the Bloom filter in bytes.</param>
internal readonly record struct IndexSegmentSizes(int Replaced, int Objects, int Records, int FilterLength)
{
    private const int MaxCount = 100_000_000;

    // A segment of 2 million records has a head of up to 70 MB, if each is in an object of its own.
    private const int MaxHeadLength = 256 << 20;

    /// <summary>Number of blocks of records.</summary>
    public int Blocks => (Records + IndexSegmentFormat.RecordsPerBlock - 1) / IndexSegmentFormat.RecordsPerBlock;

    /// <summary>Length of the head in bytes, with its checksum.</summary>
    public long HeadLength =>
        IndexSegmentFormat.StartLength
        + (long)(Replaced + Objects) * Digest.Length
        + FilterLength
        + Blocks * (long)sizeof(ulong)
        + IndexSegmentFormat.ChecksumLength;

    /// <summary>Length of the segment in bytes.</summary>
    public long TotalLength =>
        HeadLength
        + IndexSegmentFormat.BlockLength(1) * (long)Records
        + Blocks * (long)IndexSegmentFormat.ChecksumLength;

    public static IndexSegmentSizes Read(ReadOnlySpan<byte> start)
    {
        var sizes = new IndexSegmentSizes(Count(start, 32), Count(start, 36), Count(start, 40), Count(start, 44));
        return
            sizes.HeadLength <= MaxHeadLength
            && sizes.FilterLength % IndexFilter.BlockLength == 0
            && (sizes.FilterLength > 0 || sizes.Records == 0)
            ? sizes
            : throw new InvalidDataException("the segment of the index has invalid sizes");

        static int Count(ReadOnlySpan<byte> bytes, int offset) =>
            BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(offset)) is var count and >= 0 and <= MaxCount
                ? count
                : throw new InvalidDataException("the segment of the index has invalid sizes");
    }

    public void Write(Span<byte> start)
    {
        BinaryPrimitives.WriteInt32LittleEndian(start.Slice(32), Replaced);
        BinaryPrimitives.WriteInt32LittleEndian(start.Slice(36), Objects);
        BinaryPrimitives.WriteInt32LittleEndian(start.Slice(40), Records);
        BinaryPrimitives.WriteInt32LittleEndian(start.Slice(44), FilterLength);
    }
}
