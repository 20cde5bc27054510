using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Transactions of an artifact, or those that concern one version.</summary>
public static class ArtifactHistory
{
    /// <summary>Streams the transactions that a reference names, oldest first. A reference with a number also finds a deleted
    /// version.</summary>
    /// <exception cref="ArtifactNotFoundException">The artifact never existed.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The version never existed.</exception>
    public static async IAsyncEnumerable<CatalogTransaction> ReadAsync(
        VersionStore store,
        ArtifactReference reference,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        int? version =
            reference.IsNameOnly ? null
            : reference.Version is { } given ? given
            : (await store.FindAsync(reference, cancellationToken).ConfigureAwait(false)).Record.Number;
        var (exists, any) = (false, false);
        var transactions = store.OpenCatalog(reference.Name).HistoryAsync(cancellationToken);
        await foreach (var transaction in transactions.ConfigureAwait(false))
        {
            exists = true;
            if (version is { } number && !transaction.Actions.Any(action => action.Concerns(number)))
                continue;
            any = true;
            yield return transaction;
        }
        if (!exists)
            throw await store.NotFoundAsync(reference.Name, cancellationToken).ConfigureAwait(false);
        if (!any)
            throw new ArtifactVersionNotFoundException(reference.ToString(), reference.Name, store.Location);
    }
}
