using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Compares the index with the objects of the store and with the content of all versions. Safe for concurrent
/// callers.</summary>
internal sealed class IndexCheck : IDisposable
{
    private const string NoLoss = "No data is lost, but equal content may be stored again. ";
    private const string Rebuild = NoLoss + "Run Repair-ArtifactStore, which rebuilds the index.";

    private readonly IObjectStore _store;
    private readonly StoreProblems _problems;
    private readonly IndexComparison _comparison;
    private long _missing;
    private bool _isDamaged;

    /// <param name="allBytes">Whether to read the bytes of each record that names another object than an entry does.</param>
    public IndexCheck(IObjectStore store, StoreProblems problems, bool allBytes)
    {
        (_store, _problems) = (store, problems);
        _comparison = new IndexComparison(store, CountAsync, allBytes);
    }

    /// <summary>Adds content of versions.</summary>
    public Task AddAsync(IReadOnlyList<Blob> blobs, CancellationToken cancellationToken) =>
        _comparison.AddAsync(blobs, cancellationToken);

    /// <summary>Reads all segments and reports the problems.</summary>
    /// <param name="objects">Sound objects, with their lengths in bytes.</param>
    public async Task CompleteAsync(
        IReadOnlyCollection<(Digest Digest, long Length)> objects,
        CancellationToken cancellationToken
    )
    {
        await _comparison.CompleteAsync(cancellationToken).ConfigureAwait(false);
        var lengths = new Dictionary<Digest, long>(objects.Count);
        foreach (var (digest, length) in objects)
            lengths[digest] = length;
        await foreach (var key in _store.ListAsync(StoreLayout.Index, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.IndexSegmentDigest(key.Key) is null)
                _problems.AddUnexpected(key.Key, "The name of a segment of the index is its SHA-256.");
            else if (await FaultOfAsync(key, lengths, cancellationToken).ConfigureAwait(false) is { } fault)
                Report(key.Key, $"The segment of the index is damaged: {fault}.");
        // Damaged segments explain missing content.
        if (_missing > 0 && !_isDamaged)
            Report(StoreLayout.Index, $"The index lacks {_missing} files or chunks of live versions.");
    }

    public void Dispose() => _comparison.Dispose();

    private Task CountAsync(IReadOnlyList<IndexedBlob> blobs, CancellationToken cancellationToken)
    {
        _missing += blobs.Count;
        return Task.CompletedTask;
    }

    // Null if the segment is sound, or was merged meanwhile.
    private async Task<string?> FaultOfAsync(
        StoredKey key,
        Dictionary<Digest, long> lengths,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var segment = await IndexSegment
                .OpenAsync(_store, new IndexBlockCache(), key, cancellationToken)
                .ConfigureAwait(false);
            if (segment is null)
                return null;
            var records = new IndexSegmentCheck(segment, lengths);
            await foreach (var block in segment.ReadBlocksAsync(cancellationToken).ConfigureAwait(false))
                if (records.FaultOf(block) is { } fault)
                    return fault;
            return _comparison.WrongSegments.Contains(key.Key, StringComparer.Ordinal)
                ? "a record contradicts an entry of a version"
                : null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
        catch (Exception e) when (StoreIndex.IsUnreadable(e))
        {
            return $"it can't be read ({e.Message})";
        }
        catch (ObjectMissingException)
        {
            return null;
        }
    }

    private void Report(string key, string message)
    {
        _isDamaged = true;
        _problems.Add(StoreProblemKind.IndexDamaged, key, message, Rebuild, severity: ProblemSeverity.Warning);
    }
}
