using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>
/// Checks all transactions and pages of a store, and that all needed objects exist. A problem does not stop the check.
/// Other processes may write to the store meanwhile.
/// </summary>
public sealed class StoreChecker
{
    private readonly IObjectStore _store;
    private readonly TransferProgress _progress;
    private readonly StoreProblems _problems;

    /// <param name="problems">Receives the problems, in the order in which they are found.</param>
    /// <param name="progress">Counts pages, objects and bytes.</param>
    public StoreChecker(IObjectStore store, IResultSink<StoreProblem> problems, TransferProgress progress)
    {
        _store = store;
        _progress = progress;
        _problems = new StoreProblems(store.Location, problems);
        Pages = new PageReader(new ContentReader(store));
    }

    /// <summary>Number of live versions whose content is in another store, and is not checked.</summary>
    public int LinkedElsewhere { get; private set; }

    /// <summary>Number of objects that nothing needs.</summary>
    public long UnneededObjects { get; private set; }

    /// <summary>Total length of these objects in bytes.</summary>
    public long UnneededBytes { get; private set; }

    internal PageGraph Graph { get; } = new();

    internal PageReader Pages { get; }

    /// <summary>Checks the store.</summary>
    /// <param name="allBytes">Whether to read and hash all objects.</param>
    /// <exception cref="StoreNotFoundException">The location is not a store.</exception>
    public async Task CheckAsync(bool allBytes, CancellationToken cancellationToken)
    {
        await CheckRecordAsync(cancellationToken).ConfigureAwait(false);
        var rules = new RuleCheck(_store, _problems);
        await rules.ReadAsync(cancellationToken).ConfigureAwait(false);
        var scan = new ArtifactScan(_store, Graph, _problems)
        {
            ChecksRunLinks = true,
            Attestations = new AttestationCheck(_store, Pages, _problems),
        };
        await scan.ReadAsync(cancellationToken).ConfigureAwait(false);
        LinkedElsewhere = scan.LinkedElsewhere;
        rules.Check(scan.States);
        await new LinkCheck(_store, scan.Published, _problems)
            .CheckAsync(scan.States, scan.Links, cancellationToken)
            .ConfigureAwait(false);
        await new RunCheck(_store, scan.Published, _problems).CheckAsync(cancellationToken).ConfigureAwait(false);
        await new CleanupKeysCheck(_store, _problems).CheckAsync(cancellationToken).ConfigureAwait(false);
        using var index = new IndexCheck(_store, _problems, allBytes);
        var reader = new PageGraphReader(Graph, Pages, _progress, index.AddAsync);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);

        // Objects are listed last: any object that is needed by data read so far was created before.
        var hashes = new ObjectHashCheck(_store, _progress);
        var objects = new ObjectCheck(_store, Graph, Pages, hashes, _problems, _progress);
        var listed = await objects.CheckLengthsAsync(cancellationToken).ConfigureAwait(false);
        (UnneededObjects, UnneededBytes) = (objects.UnneededObjects, objects.UnneededBytes);
        if (allBytes)
            await hashes
                .CheckAsync(listed, objects.ReportDamagedAsync, objects.ReportUnreadable, cancellationToken)
                .ConfigureAwait(false);
        await objects.ReportUnreadableAsync(reader, cancellationToken).ConfigureAwait(false);
        await index.CompleteAsync(listed, cancellationToken).ConfigureAwait(false);
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
                $"The record of the store is damaged: {e.Fault}.",
                "Restore the key from a copy of the store, or run Repair-ArtifactStore, which creates a new one."
            );
        }
        catch (StoreNotFoundException)
        {
            if (!await HasArtifactsAsync(cancellationToken).ConfigureAwait(false))
                throw;
            _problems.Add(
                StoreProblemKind.StoreRecordMissing,
                StoreLayout.StoreRecord,
                "The record of the store is missing, but there are artifacts.",
                "Restore the key from a copy of the store, or run Repair-ArtifactStore, which creates a new one."
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
