using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>
/// Merges segments of the index. Writers merge small segments, and a clean-up larger ones, so that a lookup reads few segments
/// and each record is written a few times. The order is safe at any time: the new segment exists before old ones are deleted.
/// </summary>
internal sealed class IndexMerge(IObjectStore store)
{
    // Each group is merged when it has as many segments as a group may have. Numbers of records.
    private static readonly int[] GroupLimits = [1 << 10, 1 << 14, 1 << 18];

    private const int SegmentsInGroup = 16;

    // About 100 MB.
    private const int MaxRecords = 2_000_000;

    /// <summary>Chooses the segments that a new segment replaces: those of the first group that is full.</summary>
    /// <param name="added">Number of records of the new segment.</param>
    public static IReadOnlyList<IndexSegment> Choose(IReadOnlyList<IndexSegment> segments, int added)
    {
        foreach (var limit in GroupLimits)
        {
            var group = segments.Where(segment => segment.Count < limit).ToList();
            if (group.Count >= SegmentsInGroup && added <= MaxRecords)
                return group;
        }
        return [];
    }

    /// <summary>Chooses the segments that a clean-up merges to one, as far as they fit into memory together.</summary>
    public static IReadOnlyList<IndexSegment> ChooseAll(IReadOnlyList<IndexSegment> segments)
    {
        var chosen = new List<IndexSegment>();
        var records = 0;
        foreach (var segment in segments.OrderBy(segment => segment.Count))
            if (records + segment.Count <= MaxRecords)
            {
                chosen.Add(segment);
                records += segment.Count;
            }
        return chosen;
    }

    /// <summary>Creates a segment, and deletes the segments that it replaces.</summary>
    /// <param name="added">Blobs that no segment has; possibly none.</param>
    /// <param name="merged">Segments to replace. A damaged one is deleted.</param>
    /// <param name="exists">Whether an object exists. Blobs of other objects are left out.</param>
    public async Task CreateAsync(
        IReadOnlyList<IndexedBlob> added,
        IReadOnlyList<IndexSegment> merged,
        Func<Digest, bool> exists,
        CancellationToken cancellationToken
    )
    {
        var blobs = new Dictionary<Digest, BlobLocation>(added.Count + merged.Sum(segment => segment.Count));
        foreach (var segment in merged)
            await ReadAsync(segment, blobs, exists, cancellationToken).ConfigureAwait(false);
        foreach (var blob in added)
            blobs[blob.Digest] = blob.Location;
        var sorted = blobs.Select(item => new IndexedBlob(item.Key, item.Value)).ToArray();
        Array.Sort(sorted, (left, right) => Digest.Order.Compare(left.Digest, right.Digest));
        var replaced = merged.Select(segment => StoreLayout.IndexSegmentDigest(segment.Key.Key)!.Value).ToList();
        var bytes = IndexSegmentFormat.Encode(sorted, replaced);
        await store
            .TryCreateAsync(StoreLayout.IndexSegmentKey(Sha256.Of(bytes)), bytes, cancellationToken)
            .ConfigureAwait(false);
        foreach (var segment in merged)
            await store.DeleteAsync(segment.Key.Key, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReadAsync(
        IndexSegment segment,
        Dictionary<Digest, BlobLocation> blobs,
        Func<Digest, bool> exists,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (var blob in segment.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                if (exists(blob.Location.Object.Digest))
                    blobs[blob.Digest] = blob.Location;
        }
        catch (InvalidDataException)
        {
            // Damaged, or merged by another process. The blobs read so far are valid.
        }
    }
}
