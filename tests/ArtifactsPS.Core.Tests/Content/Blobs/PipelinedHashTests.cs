using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Content.Blobs;

public class PipelinedHashTests
{
    [Theory]
    [InlineData(new int[] { })]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 1 << 20, 1 << 20, 7 })]
    [InlineData(new[] { 100, 1 << 20, 100, 1 << 19, 1 << 20 })]
    public async Task Hashes_the_pieces_in_their_order(int[] lengths)
    {
        var content = new byte[lengths.Sum()];
        new Random(1).NextBytes(content);
        using var hash = new PipelinedHash();
        // As few as the contract allows: the one that is still hashed, and the next.
        using var buffers = new AlternatingBuffers(2, 1 << 20);

        var start = 0;
        foreach (var length in lengths)
        {
            var buffer = buffers.Next();
            content.AsSpan(start, length).CopyTo(buffer);
            await hash.AppendAsync(buffer, length);
            start += length;
        }

        Assert.Equal(Sha256.Of(content), await hash.FinishAsync());
    }

    [Fact]
    public void Buffers_are_used_in_turn()
    {
        using var buffers = new AlternatingBuffers(3, 100);

        var first = new[] { buffers.Next(), buffers.Next(), buffers.Next() };

        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal(first, [buffers.Next(), buffers.Next(), buffers.Next()]);
    }
}
