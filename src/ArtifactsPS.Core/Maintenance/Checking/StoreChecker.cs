using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>
/// Checks a store: every transaction, every page, and that every object is there that anything needs. What is found wrong
/// doesn't keep the rest from being checked. Others may write to the store meanwhile.
/// </summary>
public sealed class StoreChecker
{
    private readonly IObjectStore _store;
    private readonly TransferProgress _progress;
    private readonly StoreProblems _problems;

    /// <param name="store">The store.</param>
    /// <param name="progress">Counts pages, and with all bytes objects, and their bytes.</param>
    public StoreChecker(IObjectStore store, TransferProgress progress)
    {
        _store = store;
        _progress = progress;
        _problems = new StoreProblems(store.Location);
        Pages = new PageReader(new ContentReader(store));
    }

    /// <summary>What is wrong; filled as it is found.</summary>
    public ConcurrentQueue<StoreProblem> Problems => _problems.Found;

    /// <summary>How many objects nothing needs.</summary>
    public long UnneededObjects { get; private set; }

    /// <summary>What they come to, in bytes.</summary>
    public long UnneededBytes { get; private set; }

    internal PageGraph Graph { get; } = new();

    internal PageReader Pages { get; }

    /// <summary>Checks it.</summary>
    /// <param name="allBytes">Whether all objects are read, too.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="StoreNotFoundException">There is no store.</exception>
    public async Task CheckAsync(bool allBytes, CancellationToken cancellationToken)
    {
        await CheckRecordAsync(cancellationToken).ConfigureAwait(false);
        var scan = new ArtifactScan(_store, Graph, _problems) { ChecksRunLinks = true };
        await scan.ReadAsync(cancellationToken).ConfigureAwait(false);
        await new RunCheck(_store, _problems).CheckAsync(cancellationToken).ConfigureAwait(false);
        var reader = new PageGraphReader(Graph, Pages, _progress);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);

        // Only now: an object that is needed by anything read so far was there before.
        var hashes = new ObjectHashCheck(_store, _progress);
        var objects = new ObjectCheck(_store, Graph, Pages, hashes, _problems);
        var listed = await objects.CheckLengthsAsync(cancellationToken).ConfigureAwait(false);
        (UnneededObjects, UnneededBytes) = (objects.UnneededObjects, objects.UnneededBytes);
        if (allBytes)
            await hashes
                .CheckAsync(listed, objects.TellDamagedAsync, objects.TellUnreadable, cancellationToken)
                .ConfigureAwait(false);
        await objects.TellUnreadableAsync(reader, cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckRecordAsync(CancellationToken cancellationToken)
    {
        try
        {
            await VersionStore.OpenAsync(_store, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectCorruptException e)
        {
            _problems.Add(
                StoreProblemKind.StoreRecordDamaged,
                StoreLayout.StoreRecord,
                $"The record that makes this a store is damaged: {e.Fault}.",
                "Restore the key from a copy of the store, or run Repair-ArtifactStore, which writes a new one."
            );
        }
        catch (StoreNotFoundException)
        {
            if (!await HasArtifactsAsync(cancellationToken).ConfigureAwait(false))
                throw;
            _problems.Add(
                StoreProblemKind.StoreRecordMissing,
                StoreLayout.StoreRecord,
                "The record that makes this a store is missing, though there are artifacts.",
                "Restore the key from a copy of the store, or run Repair-ArtifactStore, which writes a new one."
            );
        }
    }

    private async Task<bool> HasArtifactsAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _store.ListFoldersAsync(StoreLayout.Artifacts, cancellationToken).ConfigureAwait(false))
            return true;
        return false;
    }
}
