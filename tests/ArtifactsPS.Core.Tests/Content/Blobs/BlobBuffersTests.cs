namespace ArtifactsPS.Core.Tests.Content.Blobs;

public sealed class BlobBuffersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData((1 << 19) + 1)]
    [InlineData(1 << 20)]
    public void Returned_array_is_rented_again(int length)
    {
        var first = BlobBuffers.Rent(length);
        BlobBuffers.Return(first);

        var second = BlobBuffers.Rent(length);

        Assert.Same(first, second);
        BlobBuffers.Return(second);
    }
}
