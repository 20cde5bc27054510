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

    /// <summary>Length in bytes of the numbers at the start.</summary>
    public const int StartLength = 32;

    public const int ChecksumLength = 8;

    private const int RecordLength = Digest.Length + 16;

    // One of 120 absent blobs seems to be present: 1.4 * bits / records hash functions would be optimal.
    private const int FilterBitsPerRecord = 10;
    private const int FilterHashes = 7;

    // The encoding is in the highest bits of the offset.
    private const int EncodingShift = 62;

    private static ReadOnlySpan<byte> Magic => "artifact-index-1"u8;

    /// <summary>Encodes a segment.</summary>
    /// <param name="blobs">Blobs sorted by digest, each digest once, in stored objects.</param>
    /// <param name="replaced">Segments whose blobs are in this one.</param>
    public static byte[] Encode(IReadOnlyList<IndexedBlob> blobs, IReadOnlyCollection<Digest> replaced)
    {
        var numbers = new Dictionary<Digest, int>();
        foreach (var blob in blobs)
        {
            var source = blob.Location.Object.Digest;
            if (!numbers.ContainsKey(source))
                numbers.Add(source, numbers.Count);
        }
        var sizes = new IndexSegmentSizes(replaced.Count, numbers.Count, blobs.Count, FilterLength(blobs.Count));
        var bytes = new byte[sizes.TotalLength];
        Magic.CopyTo(bytes);
        sizes.Write(bytes);
        var at = StartLength;
        foreach (var name in replaced.Concat(numbers.OrderBy(item => item.Value).Select(item => item.Key)))
        {
            name.CopyTo(bytes.AsSpan(at));
            at += Digest.Length;
        }
        foreach (var blob in blobs)
            AddToFilter(bytes.AsSpan(at, sizes.FilterLength), blob.Digest);
        at += sizes.FilterLength;
        for (var i = 0; i < blobs.Count; i += RecordsPerBlock)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), blobs[i].Digest.FirstNumber);
            at += sizeof(ulong);
        }
        at = AddChecksum(bytes, 0, at);
        for (var start = 0; start < blobs.Count; start += RecordsPerBlock)
        {
            var first = at;
            for (var i = start; i < Math.Min(start + RecordsPerBlock, blobs.Count); i++)
            {
                Write(bytes.AsSpan(at), blobs[i], numbers[blobs[i].Location.Object.Digest]);
                at += RecordLength;
            }
            at = AddChecksum(bytes, first, at);
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

    /// <summary>Whether a filter may contain a digest. False is certain.</summary>
    public static bool MayContain(ReadOnlySpan<byte> filter, Digest digest)
    {
        for (var i = 0; i < FilterHashes; i++)
        {
            var bit = BitOf(digest, i, filter.Length);
            if ((filter[(int)(bit >> 3)] & (1 << (int)(bit & 7))) == 0)
                return false;
        }
        return filter.Length > 0;
    }

    /// <summary>Length in bytes of a block without its checksum.</summary>
    public static int BlockLength(int records) => records * RecordLength;

    /// <summary>Finds a blob in a block.</summary>
    public static BlobLocation? Find(ReadOnlySpan<byte> block, Digest digest, IReadOnlyList<StoredObject> objects)
    {
        var low = 0;
        var high = block.Length / RecordLength - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var record = block.Slice(middle * RecordLength, RecordLength);
            var order = Digest.Order.Compare(new Digest(record.Slice(0, Digest.Length)), digest);
            if (order == 0)
                return LocationOf(record, objects);
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    /// <summary>Reads all blobs of a block.</summary>
    public static IEnumerable<IndexedBlob> Records(byte[] block, int records, IReadOnlyList<StoredObject> objects)
    {
        for (var i = 0; i < records; i++)
        {
            var record = block.AsSpan(i * RecordLength, RecordLength);
            yield return new IndexedBlob(new Digest(record.Slice(0, Digest.Length)), LocationOf(record, objects));
        }
    }

    private static BlobLocation LocationOf(ReadOnlySpan<byte> record, IReadOnlyList<StoredObject> objects)
    {
        var source = BinaryPrimitives.ReadInt32LittleEndian(record.Slice(Digest.Length));
        var length = BinaryPrimitives.ReadInt32LittleEndian(record.Slice(Digest.Length + 4));
        var place = BinaryPrimitives.ReadUInt64LittleEndian(record.Slice(Digest.Length + 8));
        var encoding = (BlobEncoding)(place >> EncodingShift);
        return source >= 0 && source < objects.Count && length >= 0 && encoding <= BlobEncoding.Chunked
            ? new BlobLocation(objects[source], (long)(place & ((1UL << EncodingShift) - 1)), encoding, length)
            : throw new InvalidDataException("a record of the index is invalid");
    }

    private static void Write(Span<byte> record, IndexedBlob blob, int source)
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

    private static int AddChecksum(byte[] bytes, int start, int end)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(end),
            XxHash64.HashToUInt64(bytes.AsSpan(start, end - start))
        );
        return end + ChecksumLength;
    }

    private static void AddToFilter(Span<byte> filter, Digest digest)
    {
        for (var i = 0; i < FilterHashes; i++)
        {
            var bit = BitOf(digest, i, filter.Length);
            filter[(int)(bit >> 3)] |= (byte)(1 << (int)(bit & 7));
        }
    }

    private static uint BitOf(Digest digest, int hash, int filterLength) =>
        digest.Word(hash) % ((uint)filterLength * 8);

    private static int FilterLength(int records) => records == 0 ? 0 : (records * FilterBitsPerRecord + 7) / 8;
}

/// <summary>Sizes of the parts of a segment of the index.</summary>
/// <param name="Replaced">Number of replaced segments.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="Records">Number of records.</param>
/// <param name="FilterLength">Length of the Bloom filter in bytes.</param>
internal readonly record struct IndexSegmentSizes(int Replaced, int Objects, int Records, int FilterLength)
{
    // 100 million records of 48 bytes.
    private const int MaxCount = 100_000_000;

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
        var sizes = new IndexSegmentSizes(Count(start, 16), Count(start, 20), Count(start, 24), Count(start, 28));
        return sizes.FilterLength > 0 || sizes.Records == 0
            ? sizes
            : throw new InvalidDataException("the segment of the index has no filter");

        static int Count(ReadOnlySpan<byte> bytes, int offset) =>
            BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(offset)) is var count and >= 0 and <= MaxCount
                ? count
                : throw new InvalidDataException("the segment of the index has invalid sizes");
    }

    public void Write(Span<byte> start)
    {
        BinaryPrimitives.WriteInt32LittleEndian(start.Slice(16), Replaced);
        BinaryPrimitives.WriteInt32LittleEndian(start.Slice(20), Objects);
        BinaryPrimitives.WriteInt32LittleEndian(start.Slice(24), Records);
        BinaryPrimitives.WriteInt32LittleEndian(start.Slice(28), FilterLength);
    }
}
