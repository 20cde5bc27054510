using System.Buffers.Binary;
using System.IO.Hashing;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>
/// Binary format of a segment of the index, described in <c>about_Artifacts_StoreFormat</c>. Numbers are little-endian. The head
/// has the names of replaced segments, the objects, a Bloom filter, and the first number of each block. Blocks of sorted
/// records follow. The head and each block end in their XXH64.
/// </summary>
internal static class IndexSegmentFormat
{
    public const int RecordsPerBlock = 1024;

    /// <summary>Length in bytes of the magic, the unique bytes, and the numbers at the start.</summary>
    public const int StartLength = 48;

    public const int ChecksumLength = 8;

    public const int RecordLength = Digest.Length + 16;

    // The encoding is in the highest bits of the offset.
    private const int EncodingShift = 62;

    public static ReadOnlySpan<byte> Magic => "artifact-index-1"u8;

    /// <summary>Encodes a segment.</summary>
    /// <param name="blobs">Blobs sorted by digest, each digest once, in stored objects.</param>
    public static byte[] Encode(IReadOnlyList<IndexedBlob> blobs)
    {
        var head = new IndexSegmentHead(blobs.Count);
        foreach (var blob in blobs)
            head.Add(blob);
        var (start, sizes) = head.Encode([]);
        var bytes = new byte[sizes.TotalLength];
        start.CopyTo(bytes, 0);
        var at = start.Length;
        for (var first = 0; first < blobs.Count; first += RecordsPerBlock)
        {
            var end = Math.Min(first + RecordsPerBlock, blobs.Count);
            var block = at;
            for (var i = first; i < end; i++, at += RecordLength)
                Write(bytes.AsSpan(at), blobs[i], head.NumberOf(blobs[i]));
            at = AddChecksum(bytes, block, at);
        }
        return bytes;
    }

    /// <summary>Reads the numbers at the start.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the start of a segment.</exception>
    public static IndexSegmentSizes DecodeStart(ReadOnlySpan<byte> bytes) =>
        bytes.Length == StartLength && bytes.StartsWith(Magic)
            ? IndexSegmentSizes.Read(bytes)
            : throw new InvalidDataException("the segment of the index has an unknown format");

    /// <exception cref="InvalidDataException">The checksum is wrong.</exception>
    public static void CheckChecksum(ReadOnlySpan<byte> bytes)
    {
        var content = bytes.Slice(0, bytes.Length - ChecksumLength);
        if (XxHash64.HashToUInt64(content) != BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(content.Length)))
            throw new InvalidDataException("the segment of the index is damaged");
    }

    /// <summary>Length in bytes of a block without its checksum.</summary>
    public static int BlockLength(int records) => records * RecordLength;

    /// <summary>Finds a blob in a block.</summary>
    public static BlobLocation? Find(ReadOnlySpan<byte> block, Digest digest, IndexedObjects objects)
    {
        var low = 0;
        var high = block.Length / RecordLength - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var record = block.Slice(middle * RecordLength, RecordLength);
            var order = BinaryPrimitives.ReadUInt64BigEndian(record).CompareTo(digest.FirstNumber);
            if (order == 0)
                order = Digest.Order.Compare(new Digest(record.Slice(0, Digest.Length)), digest);
            if (order == 0)
                return LocationOf(record, objects);
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    /// <summary>Number of records in a block, whose checksum follows them.</summary>
    public static int RecordsIn(byte[] block) => block.Length / RecordLength;

    /// <summary>Reads a record of a block.</summary>
    /// <exception cref="InvalidDataException">The record is invalid.</exception>
    public static IndexedBlob Record(byte[] block, int index, IndexedObjects objects)
    {
        var record = block.AsSpan(index * RecordLength, RecordLength);
        return new IndexedBlob(new Digest(record.Slice(0, Digest.Length)), LocationOf(record, objects));
    }

    /// <summary>Reads a record of a block without the memory of a location.</summary>
    /// <returns>Digest, number of the object in the head, offset in it and length there in bytes; 0 for a raw blob.</returns>
    /// <exception cref="InvalidDataException">The record is invalid.</exception>
    public static (Digest Digest, int Source, long Offset, int Length) ReadRecord(
        ReadOnlySpan<byte> block,
        int index,
        int objects
    )
    {
        var record = block.Slice(index * RecordLength, RecordLength);
        var (source, offset, _, length) = Decode(record, objects);
        return (new Digest(record.Slice(0, Digest.Length)), source, offset, length);
    }

    private static BlobLocation LocationOf(ReadOnlySpan<byte> record, IndexedObjects objects)
    {
        var (source, offset, encoding, length) = Decode(record, objects.Count);
        return new BlobLocation(objects[source], offset, encoding, length);
    }

    private static (int Source, long Offset, BlobEncoding Encoding, int Length) Decode(
        ReadOnlySpan<byte> record,
        int objects
    )
    {
        var source = BinaryPrimitives.ReadInt32LittleEndian(record.Slice(Digest.Length));
        var length = BinaryPrimitives.ReadInt32LittleEndian(record.Slice(Digest.Length + 4));
        var place = BinaryPrimitives.ReadUInt64LittleEndian(record.Slice(Digest.Length + 8));
        var encoding = (BlobEncoding)(place >> EncodingShift);
        // A raw blob has no length of its own; any other has one.
        return
            source >= 0
            && source < objects
            && length >= 0
            && encoding <= BlobEncoding.Chunked
            && (length == 0) == (encoding == BlobEncoding.Raw)
            ? (source, (long)(place & ((1UL << EncodingShift) - 1)), encoding, length)
            : throw new InvalidDataException("a record of the index is invalid");
    }

    /// <summary>Writes a record.</summary>
    /// <param name="source">Number of the object in the head.</param>
    public static void Write(Span<byte> record, IndexedBlob blob, int source)
    {
        var (_, offset, encoding, length) = blob.Location;
        blob.Digest.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record.Slice(Digest.Length), source);
        BinaryPrimitives.WriteInt32LittleEndian(record.Slice(Digest.Length + 4), length);
        BinaryPrimitives.WriteUInt64LittleEndian(
            record.Slice(Digest.Length + 8),
            (ulong)offset | (ulong)encoding << EncodingShift
        );
    }

    /// <summary>Appends the checksum of a part.</summary>
    /// <returns>End of the checksum.</returns>
    public static int AddChecksum(byte[] bytes, int start, int end)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(end),
            XxHash64.HashToUInt64(bytes.AsSpan(start, end - start))
        );
        return end + ChecksumLength;
    }
}
