using ArtifactsPS.Core.Content.Index;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Content.Index;

public sealed class DigestOrderTests
{
    [Property(MaxTest = 50)]
    public void Digests_are_sorted_and_equal_ones_keep_their_order(int seed, byte count)
    {
        var random = new Random(seed);
        var digests = new Digest[count];
        for (var i = 0; i < count; i++)
            digests[i] = i > 0 && random.Next(4) == 0 ? digests[random.Next(i)] : IndexedBlobs.RandomDigest(random);
        Assert.Equal(
            Enumerable.Range(0, count).OrderBy(index => digests[index], Digest.Order),
            DigestOrder.Of(digests)
        );
    }

    [Fact]
    public void Digests_with_equal_first_bits_are_sorted()
    {
        var digests = new Digest[20_000];
        for (var i = 0; i < digests.Length; i++)
        {
            var bytes = new byte[Digest.Length];
            BitConverter.TryWriteBytes(bytes.AsSpan(20), i * 7919 % digests.Length);
            digests[i] = new Digest(bytes);
        }
        Assert.Equal(
            Enumerable.Range(0, digests.Length).OrderBy(index => digests[index], Digest.Order),
            DigestOrder.Of(digests)
        );
    }
}
