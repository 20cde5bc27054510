using System.Buffers.Binary;
using System.IO.Hashing;
using ArtifactsPS.Core.Content.Index;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Content.Index;

/// <summary>Format of segments, and lookups in intact, damaged and hostile ones.</summary>
public sealed class IndexSegmentTests
{
    private readonly MemoryObjectStore _store = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    public async Task Segment_returns_all_encoded_blobs(int count)
    {
        var blobs = IndexedBlobs.Create(count, seed: count);
        var segment = await OpenAsync(IndexSegmentFormat.Encode(blobs));
        Assert.Equal(count, segment.Count);
        await AssertHasAsync(blobs, segment);
    }

    [Property(MaxTest = 60)]
    public async Task Segment_returns_any_encoded_blobs(int seed, byte count)
    {
        var blobs = IndexedBlobs.Create(count, seed);
        await AssertHasAsync(blobs, await OpenAsync(IndexSegmentFormat.Encode(blobs)));
    }

    [Fact]
    public async Task Equal_first_numbers_in_several_blocks_are_found()
    {
        var blobs = Enumerable
            .Range(0, 3000)
            .Select(i =>
            {
                var bytes = new byte[Digest.Length];
                bytes[0] = (byte)(i < 500 ? 1 : 2);
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), i);
                return new IndexedBlob(new Digest(bytes), IndexedBlobs.RandomLocation(new Random(i)));
            })
            .ToList();
        await AssertHasAsync(blobs, await OpenAsync(IndexSegmentFormat.Encode(blobs)));
    }

    [Fact]
    public async Task Damaged_byte_never_gives_wrong_location()
    {
        var blobs = IndexedBlobs.Create(40, seed: 3);
        var sound = IndexSegmentFormat.Encode(blobs);
        for (var at = 0; at < sound.Length; at++)
        {
            var bytes = sound.ToArray();
            bytes[at] ^= (byte)(1 << at % 8);
            await AssertNoneWrongAsync(bytes, blobs);
        }
    }

    [Fact]
    public async Task Truncated_segment_is_damaged()
    {
        var sound = IndexSegmentFormat.Encode(IndexedBlobs.Create(20, seed: 4));
        for (var length = 0; length < sound.Length; length++)
            await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(sound[..length]));
        await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync([.. sound, 0]));
    }

    [Fact]
    public async Task Segment_of_changed_length_is_damaged()
    {
        var sound = IndexSegmentFormat.Encode(IndexedBlobs.Create(20, seed: 4));
        var key = Store(sound[..^1]);
        var listed = key with { Length = sound.Length };
        var segment = await IndexSegment.OpenAsync(_store, new IndexBlockCache(), listed, Token);
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await segment!.FindAsync(IndexedBlobs.Create(20, seed: 4)[0].Digest, Token)
        );
    }

    [Fact]
    public async Task Foreign_bytes_are_damaged() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(new byte[100_000]));

    [Theory]
    [InlineData(32)]
    [InlineData(36)]
    [InlineData(40)]
    [InlineData(44)]
    public async Task Hostile_size_allocates_little_memory(int at)
    {
        foreach (var size in new[] { -1, 1, 100_000, 99_999_999, int.MaxValue, int.MinValue })
        {
            var bytes = IndexSegmentFormat.Encode([]);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), size);
            WriteChecksum(bytes, 0, bytes.Length);
            var key = Store(bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            await Assert.ThrowsAsync<InvalidDataException>(async () =>
                await IndexSegment.OpenAsync(_store, new IndexBlockCache(), key, Token)
            );
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Theory]
    [InlineData(32, -1)] // Number of the object.
    [InlineData(32, 7)]
    [InlineData(36, -5)] // Length.
    [InlineData(36, 0)]
    [InlineData(44, unchecked((int)0xC0000000))] // Encoding.
    public async Task Invalid_record_is_damaged(int at, int value)
    {
        var blob = new IndexedBlob(
            Sha256.Of("a"u8),
            new BlobLocation(new StoredObject(Sha256.Of("o"u8)), 5, BlobEncoding.Zstandard, 9)
        );
        var bytes = IndexSegmentFormat.Encode([blob]);
        var record = bytes.Length - IndexSegmentFormat.ChecksumLength - IndexSegmentFormat.RecordLength;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(record + at), value);
        WriteChecksum(bytes, record, bytes.Length);
        var segment = await OpenAsync(bytes);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await segment.FindAsync(blob.Digest, Token));
    }

    private static void WriteChecksum(byte[] bytes, int start, int end)
    {
        var content = bytes.AsSpan(start, end - start - IndexSegmentFormat.ChecksumLength);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(start + content.Length), XxHash64.HashToUInt64(content));
    }

    private static async Task AssertHasAsync(IReadOnlyList<IndexedBlob> blobs, IndexSegment segment)
    {
        foreach (var (digest, location) in blobs)
            IndexedBlobs.AssertEqual(location, await segment.FindAsync(digest, Token));
        foreach (var (digest, _) in IndexedBlobs.Create(50, seed: -77))
            Assert.Null(await segment.FindAsync(digest, Token));
        Assert.Equal(
            blobs.Select(IndexedBlobs.Describe),
            (await IndexedBlobs.ReadAsync(segment)).Select(IndexedBlobs.Describe)
        );
    }

    private async Task AssertNoneWrongAsync(byte[] bytes, IReadOnlyList<IndexedBlob> blobs)
    {
        IndexSegment segment;
        try
        {
            segment = await OpenAsync(bytes);
        }
        catch (InvalidDataException)
        {
            return;
        }
        foreach (var (digest, location) in blobs)
            try
            {
                if (await segment.FindAsync(digest, Token) is { } found)
                    IndexedBlobs.AssertEqual(location, found);
            }
            catch (InvalidDataException)
            {
                // The damage is detected.
            }
    }

    private async Task<IndexSegment> OpenAsync(byte[] bytes) =>
        (await IndexSegment.OpenAsync(_store, new IndexBlockCache(), Store(bytes), Token))!;

    private StoredKey Store(byte[] bytes)
    {
        var key = StoreLayout.IndexSegmentKey(Sha256.Of(bytes));
        _store[key] = bytes;
        return new StoredKey(key, bytes.Length, DateTimeOffset.UnixEpoch);
    }
}
