namespace ArtifactsPS.Core.Tests.Content.Packs;

/// <summary>Blobs that are read with one request.</summary>
public sealed class BlobBatchTests
{
    private static readonly StoredObject Pack = new(Digest.OfNothing);

    [Fact]
    public void Batch_of_tiny_blobs_has_bounded_number_of_items()
    {
        var blobs = Enumerable.Range(0, 20_000).Select(i => (i, new Blob(default, 1, new BlobLocation(Pack, i))));

        var batches = BlobBatch<int>.Plan(blobs).ToList();

        Assert.Equal(20_000, batches.Sum(batch => batch.Items.Count));
        Assert.All(batches, batch => Assert.InRange(batch.Items.Count, 1, 4096));
    }

    [Fact]
    public void Batch_of_larger_blobs_has_bounded_length()
    {
        const int size = 1 << 20;
        var blobs = Enumerable.Range(0, 10).Select(i => (i, new Blob(default, size, new BlobLocation(Pack, i * size))));

        Assert.Equal([4, 4, 2], BlobBatch<int>.Plan(blobs).Select(batch => batch.Items.Count));
    }
}
