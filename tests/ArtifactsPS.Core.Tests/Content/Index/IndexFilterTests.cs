using System.Buffers.Binary;
using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Content.Index;

/// <summary>The filter of a segment of the index.</summary>
public sealed class IndexFilterTests
{
    [Fact]
    public void Added_digest_is_contained()
    {
        foreach (var count in new[] { 1, 12, 13, 5000 })
        {
            var blobs = IndexedBlobs.Create(count, seed: count);
            Assert.All(blobs, blob => Assert.True(Contains(FilterOf(blobs), blob.Digest)));
        }
    }

    [Fact]
    public void Filter_excludes_nearly_all_absent_blobs()
    {
        var filter = FilterOf(IndexedBlobs.Create(20_000, seed: 1));
        var absent = IndexedBlobs.Create(20_000, seed: 2);
        Assert.InRange(absent.Count(blob => Contains(filter, blob.Digest)), 0, 20);
    }

    [Fact]
    public void Empty_filter_contains_nothing() => Assert.False(Contains([], Sha256.Of("content"u8)));

    [Fact]
    public void Bits_are_where_the_format_says()
    {
        var bytes = new byte[Digest.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 0xC000_0000);
        // Number i has bit i + 1.
        var indexes = Enumerable.Range(0, 8).Aggregate(0UL, (sum, i) => sum | (ulong)(i + 1) << (5 * i));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), indexes);
        var filter = new byte[4 * 32];
        IndexFilter.Add(filter, new Digest(bytes));
        var expected = new byte[4 * 32];
        for (var i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(3 * 32 + 4 * i), 1U << (i + 1));
        Assert.Equal(expected, filter);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 32)]
    [InlineData(12, 32)]
    [InlineData(13, 64)]
    [InlineData(1 << 22, 10_485_760)]
    public void Length_has_20_bits_for_each_record(int records, int length) =>
        Assert.Equal(length, IndexFilter.Length(records));

    private static bool Contains(byte[] filter, Digest digest) =>
        IndexFilter.MayContain(filter, new IndexFilter.Bits(digest));

    private static byte[] FilterOf(IReadOnlyCollection<IndexedBlob> blobs)
    {
        var filter = new byte[IndexFilter.Length(blobs.Count)];
        foreach (var blob in blobs)
            IndexFilter.Add(filter, blob.Digest);
        return filter;
    }
}
