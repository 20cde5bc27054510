using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>
/// Merges segments of the index. Writers merge small segments, and a clean-up larger ones, so that a lookup reads few segments
/// and each record is written a few times. The order is safe at any time: the new segment exists before old ones are deleted.
/// </summary>
internal sealed class IndexMerge(IObjectStore store)
{
    /// <summary>Maximum number of records of a segment that is not merged: about 25 MB.</summary>
    public const int MaxAdded = 1 << 19;

    // Segments with fewer records than a limit, and not fewer than the limit before, are a group. It is merged when it has as many
    // segments as a group may have. A few records are not merged with many.
    private static readonly int[] GroupLimits = [1 << 10, 1 << 14, 1 << 18];

    private const int SegmentsInGroup = 16;

    // About 200 MB, of which the head is read whole.
    private const int MaxRecords = 1 << 22;

    /// <summary>Chooses the segments that a new segment replaces: those of the first group that is full. The new segment counts in its
    /// group, so that the writer of many files merges their records, and not the next writer, who may add a single file.</summary>
    /// <param name="added">Number of records of the new segment.</param>
    public static IReadOnlyList<IndexSegment> Choose(IReadOnlyList<IndexSegment> segments, int added)
    {
        for (var group = 0; group < GroupLimits.Length; group++)
        {
            var members = segments.Where(segment => GroupOf(segment.Count) == group).ToList();
            if (members.Count + (GroupOf(added) == group ? 1 : 0) >= SegmentsInGroup)
                return members;
        }
        return [];
    }

    // Negative for a segment that is too large for any group.
    private static int GroupOf(int records) => Array.FindIndex(GroupLimits, limit => records < limit);

    /// <summary>Chooses the segments that a clean-up merges: those of which most objects are missing, and then the smallest, up to
    /// the size of one segment.</summary>
    /// <param name="exists">Whether an object exists.</param>
    public static IReadOnlyList<IndexSegment> ChooseAll(IReadOnlyList<IndexSegment> segments, Func<Digest, bool> exists)
    {
        var chosen = new List<IndexSegment>();
        var records = 0L;
        foreach (var segment in segments.OrderByDescending(IsStale).ThenBy(segment => segment.Count))
            if (records + segment.Count <= MaxRecords)
            {
                chosen.Add(segment);
                records += segment.Count;
            }
        // Fewer segments are searched about as fast as one.
        return chosen.Count >= SegmentsInGroup / 2 || chosen.Any(IsStale) ? chosen : [];

        bool IsStale(IndexSegment segment) =>
            segment.Count >= IndexSegmentFormat.RecordsPerBlock
            && 2 * segment.Objects.Digests.Count(digest => !exists(digest)) > segment.Objects.Count;
    }

    /// <summary>Creates a segment, and deletes the segments that it replaces.</summary>
    /// <param name="added">Blobs of the new segment, at most <see cref="MaxAdded"/>; possibly none.</param>
    /// <param name="merged">Segments to replace. A damaged one is deleted.</param>
    /// <param name="exists">Whether an object exists. Blobs of other objects are left out. Null keeps all blobs.</param>
    public async Task CreateAsync(
        IReadOnlyList<IndexedBlob> added,
        IReadOnlyList<IndexSegment> merged,
        Func<Digest, bool>? exists,
        CancellationToken cancellationToken
    )
    {
        var sorted = Sort(added);
        var sources = new List<IndexSource>();
        foreach (var segment in merged)
            sources.Add(new IndexSource(segment, exists ?? (_ => true)));
        sources.Add(new IndexSource(sorted));
        try
        {
            await WriteAsync(sources, merged, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectMissingException || StoreIndex.IsUnreadable(e))
        {
            // Another process has merged the same segments meanwhile, or one of them can't be read.
            await CreateAsync(sorted, cancellationToken).ConfigureAwait(false);
            return;
        }
        foreach (var segment in merged)
            await store.DeleteAsync(segment.Key.Key, cancellationToken).ConfigureAwait(false);
    }

    private async Task CreateAsync(IndexedBlob[] sorted, CancellationToken cancellationToken)
    {
        if (sorted.Length == 0)
            return;
        var bytes = IndexSegmentFormat.Encode(sorted);
        await store
            .TryCreateAsync(StoreLayout.IndexSegmentKey(Sha256.Of(bytes)), bytes, cancellationToken)
            .ConfigureAwait(false);
    }

    // Reads all records twice: the head comes first in the segment, and memory holds nothing else.
    private async Task WriteAsync(
        List<IndexSource> sources,
        IReadOnlyList<IndexSegment> merged,
        CancellationToken cancellationToken
    )
    {
        if (merged.Count == 0)
        {
            await CreateAsync(sources[0].Blobs, cancellationToken).ConfigureAwait(false);
            return;
        }
        var head = new IndexSegmentHead(checked((int)sources.Sum(source => (long)source.Count)));
        await foreach (var blob in IndexSource.MergeAsync(sources, cancellationToken).ConfigureAwait(false))
            head.Add(blob);
        if (head.Count == 0)
            return;
        var replaced = merged.Select(segment => StoreLayout.IndexSegmentDigest(segment.Key.Key)!.Value).ToList();
        var staged = await store.StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            using var hash = new Sha256();
            await AppendAsync(new ArraySegment<byte>(head.Encode(replaced).Bytes)).ConfigureAwait(false);
            var block = new byte[
                IndexSegmentFormat.BlockLength(IndexSegmentFormat.RecordsPerBlock) + IndexSegmentFormat.ChecksumLength
            ];
            var length = 0;
            await foreach (var blob in IndexSource.MergeAsync(sources, cancellationToken).ConfigureAwait(false))
            {
                IndexSegmentFormat.Write(block.AsSpan(length), blob, head.NumberOf(blob));
                length += IndexSegmentFormat.RecordLength;
                if (length == block.Length - IndexSegmentFormat.ChecksumLength)
                    await EndBlockAsync().ConfigureAwait(false);
            }
            if (length > 0)
                await EndBlockAsync().ConfigureAwait(false);
            await staged
                .CommitAsync(StoreLayout.IndexSegmentKey(hash.Finish()), cancellationToken)
                .ConfigureAwait(false);

            async Task EndBlockAsync()
            {
                var end = IndexSegmentFormat.AddChecksum(block, 0, length);
                await AppendAsync(new ArraySegment<byte>(block, 0, end)).ConfigureAwait(false);
                length = 0;
            }

            Task AppendAsync(ArraySegment<byte> bytes)
            {
                hash.Append(bytes.Array!, bytes.Offset, bytes.Count);
                return staged.WriteAsync(bytes, cancellationToken).AsTask();
            }
        }
    }

    // Of several locations of a blob, the last one added counts.
    private static IndexedBlob[] Sort(IReadOnlyList<IndexedBlob> added)
    {
        var digests = new Digest[added.Count];
        for (var i = 0; i < digests.Length; i++)
            digests[i] = added[i].Digest;
        var sorted = new IndexedBlob[added.Count];
        var count = 0;
        foreach (var i in DigestOrder.Of(digests))
        {
            if (count > 0 && sorted[count - 1].Digest == digests[i])
                count--;
            sorted[count++] = added[i];
        }
        Array.Resize(ref sorted, count);
        return sorted;
    }
}
