using ArtifactsPS.Core.Content.Index;

namespace ArtifactsPS.Core.Tests.Content.Index;

/// <summary>Random blobs, and their comparison.</summary>
internal static class IndexedBlobs
{
    /// <summary>Creates blobs with random digests and locations, sorted by digest.</summary>
    public static IReadOnlyList<IndexedBlob> Create(int count, int seed)
    {
        var random = new Random(seed);
        var blobs = new List<IndexedBlob>();
        for (var i = 0; i < count; i++)
            blobs.Add(new IndexedBlob(RandomDigest(random), RandomLocation(random)));
        return [.. blobs.OrderBy(blob => blob.Digest, Digest.Order)];
    }

    public static Digest RandomDigest(Random random)
    {
        var bytes = new byte[Digest.Length];
        random.NextBytes(bytes);
        return new Digest(bytes);
    }

    public static BlobLocation RandomLocation(Random random)
    {
        var source = new StoredObject(Sha256.Of([(byte)random.Next(20)]));
        var encoding = (BlobEncoding)random.Next(3);
        return new BlobLocation(
            source,
            random.NextInt64(1L << 62),
            encoding,
            encoding == BlobEncoding.Raw ? 0 : random.Next(1, int.MaxValue)
        );
    }

    /// <summary>Reads all blobs of a segment in their order.</summary>
    public static ValueTask<List<IndexedBlob>> ReadAsync(IndexSegment segment) =>
        IndexSource
            .MergeAsync([new IndexSource(segment, _ => true)], TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    public static void AssertEqual(BlobLocation expected, BlobLocation? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Object.Digest, actual.Value.Object.Digest);
        Assert.Equal(
            (expected.Offset, expected.Encoding, expected.EncodedLength),
            (actual.Value.Offset, actual.Value.Encoding, actual.Value.EncodedLength)
        );
    }

    public static string Describe(IndexedBlob blob) =>
        $"{blob.Digest} {blob.Location.Object.Digest} {blob.Location.Offset} {blob.Location.Encoding} {blob.Location.EncodedLength}";
}
