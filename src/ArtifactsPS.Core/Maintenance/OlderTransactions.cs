using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>
/// Finds the older values of a log's keys that complete the log. A transaction names the digest of the one before. So the
/// newest transaction determines all others, and a wrong value can't be chosen.
/// </summary>
/// <param name="artifact">Artifact whose log it is.</param>
internal sealed class OlderTransactions(IObjectStore store, ArtifactKey artifact)
{
    private readonly string _folder = StoreLayout.LogFolder(artifact);

    /// <summary>Finds the older values that are needed.</summary>
    /// <param name="keys">Keys of the log.</param>
    /// <param name="last">Number up to which all transactions must exist; 0 if unknown.</param>
    /// <returns>Each key with its value. Empty if the log needs none, or can't be completed.</returns>
    public async Task<IReadOnlyList<(string Key, byte[] Value)>> FindAsync(
        NumberedKeys keys,
        long last,
        CancellationToken cancellationToken
    )
    {
        if (store.WithoutCache() is not IVersionedStore versioned)
            return [];
        var versions = new Dictionary<string, List<KeptValue>>(StringComparer.Ordinal);
        await foreach (var version in versioned.ListVersionsAsync(_folder, cancellationToken).ConfigureAwait(false))
        {
            if (!versions.TryGetValue(version.Key, out var ofKey))
                versions.Add(version.Key, ofKey = []);
            ofKey.Add(version);
        }
        var ranges = keys.Ranges().ToList();
        if (ranges.Count > 0)
            last = Math.Max(last, ranges[ranges.Count - 1].Last);
        if (last == 0 || !versions.Values.Any(ofKey => ofKey.Exists(version => !version.IsCurrent)))
            return [];
        var segments = new HashSet<long>(keys.Segments);
        await foreach (
            var value in ValuesAsync(versioned, versions, segments, last, cancellationToken).ConfigureAwait(false)
        )
            if (
                await CompleteAsync(versioned, versions, segments, value, cancellationToken).ConfigureAwait(false) is
                { } needed
            )
                return needed;
        return [];
    }

    // Follows the digests from a value with the newest transaction to the first one; null if a transaction is nowhere.
    private async Task<IReadOnlyList<(string Key, byte[] Value)>?> CompleteAsync(
        IVersionedStore versioned,
        Dictionary<string, List<KeptValue>> versions,
        HashSet<long> segments,
        LogValue newest,
        CancellationToken cancellationToken
    )
    {
        var needed = new List<(string, byte[])>();
        for (var value = newest; ; )
        {
            if (!value.IsCurrent)
                needed.Add((value.Key, value.Bytes));
            if (value.First == 1)
                return value.Previous is null ? needed : null;
            LogValue? before = null;
            await foreach (
                var candidate in ValuesAsync(versioned, versions, segments, value.First - 1, cancellationToken)
                    .ConfigureAwait(false)
            )
                if (candidate.Digest == value.Previous)
                {
                    before = candidate;
                    break;
                }
            if (before is null)
                return null;
            value = before;
        }
    }

    // Values of the key with a transaction, the current one first. Those that are damaged are left out.
    private async IAsyncEnumerable<LogValue> ValuesAsync(
        IVersionedStore versioned,
        Dictionary<string, List<KeptValue>> versions,
        HashSet<long> segments,
        long number,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var index = LogSegment.IndexOf(number);
        var isSegment = segments.Contains(index);
        var key = isSegment ? StoreLayout.LogSegmentKey(_folder, index) : StoreLayout.NumberedKey(_folder, number);
        if (!versions.TryGetValue(key, out var ofKey))
            yield break;
        foreach (var version in ofKey.OrderByDescending(version => version.IsCurrent))
        {
            using var stream = await versioned.OpenVersionAsync(version, cancellationToken).ConfigureAwait(false);
            if (stream is null)
                continue;
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, 81920, cancellationToken).ConfigureAwait(false);
            if (Decode(version, bytes.ToArray(), isSegment, number) is { } value)
                yield return value;
        }
    }

    private LogValue? Decode(KeptValue version, byte[] bytes, bool isSegment, long last)
    {
        try
        {
            var records = isSegment ? LogSegment.Decode(bytes) : [SealedRecord.Decode(bytes)];
            var first = last - records.Count + 1;
            Digest? previous = null;
            for (var i = 0; i < records.Count; i++)
            {
                var transaction = CatalogTransaction.Decode(records[i]);
                if (transaction.Number != first + i || (i > 0 && transaction.Previous != records[i - 1].Digest))
                    return null;
                // Later ones may have another name.
                if (transaction.Number == 1 && ArtifactKey.Of(transaction.Name) != artifact)
                    return null;
                if (i == 0)
                    previous = transaction.Previous;
            }
            return new LogValue(
                version.Key,
                version.IsCurrent,
                bytes,
                first,
                previous,
                records[records.Count - 1].Digest
            );
        }
        catch (Exception e) when (RecordFault.Is(e))
        {
            return null;
        }
    }

    private sealed record LogValue(
        string Key,
        bool IsCurrent,
        byte[] Bytes,
        long First,
        Digest? Previous,
        Digest Digest
    );
}
