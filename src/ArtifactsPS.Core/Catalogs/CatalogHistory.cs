using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Transactions of a catalog.</summary>
/// <param name="log">Log of the transactions.</param>
/// <param name="name">Name to follow to an artifact with another key; null to follow none.</param>
/// <param name="open">Opens the catalog with a key.</param>
internal sealed class CatalogHistory(RecordLog log, ArtifactName? name, Func<ArtifactKey, Catalog> open)
{
    /// <summary>Streams all transactions, oldest first. Streams none if the name is reserved for an artifact that doesn't have
    /// it.</summary>
    public async IAsyncEnumerable<CatalogTransaction> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // A name can be claimed until its log has a version.
        var held = name is null ? null : new List<CatalogTransaction>();
        await foreach (var (number, record) in log.ReadAsync(1, cancellationToken).ConfigureAwait(false))
        {
            var transaction = log.Checked(number, () => CatalogTransaction.Decode(record));
            if (held is null)
            {
                yield return transaction;
                continue;
            }
            if (transaction.Actions.OfType<ClaimAction>().FirstOrDefault() is { } claim)
            {
                await foreach (var followed in FollowAsync(claim, cancellationToken).ConfigureAwait(false))
                    yield return followed;
                yield break;
            }
            held.Add(transaction);
            if (!transaction.Actions.Any(action => action is PublishAction))
                continue;
            foreach (var earlier in held)
                yield return earlier;
            held = null;
        }
        foreach (var earlier in held ?? [])
            yield return earlier;
    }

    private async IAsyncEnumerable<CatalogTransaction> FollowAsync(
        ClaimAction claim,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var catalog = open(claim.Artifact);
        var state = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.Names.Contains(name!))
            await foreach (var transaction in catalog.HistoryAsync(cancellationToken).ConfigureAwait(false))
                yield return transaction;
    }
}
