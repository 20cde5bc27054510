using ArtifactsPS.Core.Attestations;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Checks the signatures and evidence of versions: their records, and that they belong to the content. Whether a signer
/// is trusted is a matter of each user.</summary>
internal sealed class AttestationCheck(IObjectStore store, PageReader pages, StoreProblems problems)
{
    /// <summary>Checks the records of an artifact.</summary>
    /// <param name="state">State of the artifact.</param>
    /// <param name="keys">Keys of the records.</param>
    /// <param name="published">Reports versions that a record names, but the catalog does not have.</param>
    public async Task CheckAsync(
        CatalogState state,
        IReadOnlyList<string> keys,
        PublishedVersionsCheck published,
        CancellationToken cancellationToken
    )
    {
        foreach (var key in keys)
        {
            var number = StoreLayout.AttestationOf(key)!.Value.Version;
            await published.CheckAsync(state.Key, number, $"'{key}' names it", cancellationToken).ConfigureAwait(false);
            if (await FindFaultAsync(state, number, key, cancellationToken).ConfigureAwait(false) is { } fault)
                problems.Add(
                    StoreProblemKind.AttestationDamaged,
                    key,
                    $"This signature or evidence of '{ArtifactReference.To(state.Name, number)}' is damaged: {fault}.",
                    "Restore the key from a copy of the store, or delete the key, and sign the version again."
                );
        }
    }

    private async Task<string?> FindFaultAsync(
        CatalogState state,
        int number,
        string key,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var stored = await new AttestationStore(store).ReadAsync(key, cancellationToken).ConfigureAwait(false);
            if (stored?.Record is not { } record)
                return stored?.Fault;
            if (await state.FindAsync(number, cancellationToken).ConfigureAwait(false) is not { } version)
                return null;
            if (record.VersionDigest != version.Digest)
                return "it belongs to other content";
            // What is in another store is not read.
            return record.Signer?.Key is { } signer && version.StoredRoot is { } root
                ? await SignatureMatch
                    .FindFaultAsync(new Manifest(pages, root), version, record, signer, cancellationToken)
                    .ConfigureAwait(false)
                : null;
        }
        catch (Exception e) when (e is ObjectCorruptException or ObjectMissingException)
        {
            // A page or a transaction, which is reported by itself.
            return null;
        }
    }
}
