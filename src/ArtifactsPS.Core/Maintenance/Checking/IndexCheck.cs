using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Checks the segments of the index of content.</summary>
internal sealed class IndexCheck(IObjectStore store, StoreProblems problems)
{
    /// <summary>Checks all segments.</summary>
    /// <param name="allBytes">Whether to read all records, and not only the heads of the segments.</param>
    public async Task CheckAsync(bool allBytes, CancellationToken cancellationToken)
    {
        using var checking = new WorkQueue<StoredKey>(
            (key, token) => CheckSegmentAsync(key, allBytes, token),
            cancellationToken
        );
        await foreach (var key in store.ListAsync(StoreLayout.Index, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.IndexSegmentDigest(key.Key) is null)
                problems.AddUnexpected(key.Key, "The name of a segment of the index is the SHA-256 of its bytes.");
            else
                await checking.AddAsync(key).ConfigureAwait(false);
        await checking.CompleteAsync().ConfigureAwait(false);
    }

    private async Task CheckSegmentAsync(StoredKey key, bool allBytes, CancellationToken cancellationToken)
    {
        try
        {
            var segment = await IndexSegment.OpenAsync(store, key, cancellationToken).ConfigureAwait(false);
            if (segment is null || !allBytes)
                return;
            await foreach (var _ in segment.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                // Reading checks the record.
            }
        }
        catch (InvalidDataException e)
        {
            // A segment that was merged meanwhile is missing.
            if (await store.ExistsAsync(key.Key, cancellationToken).ConfigureAwait(false))
                problems.Add(
                    StoreProblemKind.IndexDamaged,
                    key.Key,
                    $"A segment of the index is damaged: {RecordFault.Describe(e)}.",
                    "No data is lost, but some content may be stored again. Run Repair-ArtifactStore, which deletes the segment.",
                    severity: ProblemSeverity.Warning
                );
        }
    }
}
