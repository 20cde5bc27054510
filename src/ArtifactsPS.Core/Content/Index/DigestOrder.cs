using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>
/// Order of many digests. Their first bits are uniformly distributed, so counting them sorts nearly everything in linear time:
/// 100,000 digests in a tenth of the time of <see cref="Array.Sort{T}(T[], Comparison{T})"/>, whose generic code for a struct is
/// also compiled at run time.
/// </summary>
internal static class DigestOrder
{
    private const int MaxBits = 16;

    /// <summary>Sorts digests.</summary>
    /// <returns>Indexes of the digests in their order. Equal digests keep their order.</returns>
    public static int[] Of(Digest[] digests)
    {
        // About as many buckets as digests.
        var bits = 1;
        while (bits < MaxBits && 1 << bits < digests.Length)
            bits++;
        var starts = new int[(1 << bits) + 1];
        for (var i = 0; i < digests.Length; i++)
            starts[BucketOf(digests[i]) + 1]++;
        for (var bucket = 1; bucket < starts.Length; bucket++)
            starts[bucket] += starts[bucket - 1];
        var order = new int[digests.Length];
        var next = (int[])starts.Clone();
        for (var i = 0; i < digests.Length; i++)
            order[next[BucketOf(digests[i])]++] = i;
        var comparer = new IndexComparer(digests);
        for (var bucket = 0; bucket + 1 < starts.Length; bucket++)
            if (starts[bucket + 1] - starts[bucket] > 1)
                Array.Sort(order, starts[bucket], starts[bucket + 1] - starts[bucket], comparer);
        return order;

        int BucketOf(Digest digest) => (int)(digest.FirstNumber >> (64 - bits));
    }

    private sealed class IndexComparer(Digest[] digests) : IComparer<int>
    {
        public int Compare(int x, int y)
        {
            var order = Digest.Order.Compare(digests[x], digests[y]);
            return order != 0 ? order : x.CompareTo(y);
        }
    }
}
