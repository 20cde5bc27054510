using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>Commits that have begun and may still be made.</summary>
internal static class OpenIntents
{
    /// <summary>Decides all open commits: takes the number of each record that doesn't exist yet. Its writer then checks its objects
    /// again.</summary>
    /// <exception cref="LogIncompleteException">A log has a gap.</exception>
    public static async Task CloseAsync(VersionStore store, CancellationToken cancellationToken)
    {
        foreach (var intent in await CommitIntent.ListAsync(store.Objects, cancellationToken).ConfigureAwait(false))
        {
            if (StoreLayout.Transaction(intent.Record) is var (artifact, number))
                await store.OpenCatalog(artifact).TakeNumberAsync(number, cancellationToken).ConfigureAwait(false);
            else if (StoreLayout.DistributedRecord(intent.Record) is var (owner, id, record))
                await new DistributedLog(store, owner, owner.FirstName, id)
                    .TakeNumberAsync(record, cancellationToken)
                    .ConfigureAwait(false);
            await intent.DeleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
