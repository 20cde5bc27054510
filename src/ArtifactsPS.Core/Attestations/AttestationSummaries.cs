using System.Globalization;
using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations;

/// <summary>Signatures and evidence of an artifact's versions as texts for people. Nothing is verified.</summary>
internal sealed class AttestationSummaries(VersionStore store)
{
    private const string TimeForm = "yyyy-MM-dd HH:mm 'UTC'";

    /// <summary>Reads them.</summary>
    /// <param name="first">Number of the first version.</param>
    /// <param name="limit">Maximum number of texts of a version.</param>
    /// <returns>The texts of each version that has any, signatures first.</returns>
    public async Task<ILookup<int, string>> ReadAsync(
        ArtifactKey artifact,
        int first,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var keys = new List<(int Version, string Key)>();
        var folder = StoreLayout.AttestationsFolder(artifact);
        await foreach (var key in store.Objects.ListAsync(folder, after: null, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.AttestationOf(key.Key) is { } found && found.Version >= first)
                keys.Add((found.Version, key.Key));
        var texts = new List<(int Version, string Text)>();
        var attestations = new AttestationStore(store.Objects);
        foreach (var (version, key) in keys.GroupBy(key => key.Version).SelectMany(group => group.Take(limit)))
            if (
                await attestations.ReadAsync(key, cancellationToken).ConfigureAwait(false) is
                { Record: { } record } stored
            )
                texts.Add((version, TextOf(stored, record)));
        return texts
            .OrderByDescending(text => text.Text.StartsWith("Signed", StringComparison.Ordinal))
            .ToLookup(text => text.Version, text => text.Text);
    }

    /// <summary>Reads those of the versions in the store that a link links, nearest first.</summary>
    /// <param name="limit">Maximum number of texts.</param>
    public async Task<IReadOnlyList<string>> ReadOfSourcesAsync(
        VersionRecord link,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var texts = new List<string>();
        var attestations = new AttestationStore(store.Objects);
        var sources = LinkChain.ReadInStoreAsync(store, link, cancellationToken);
        await foreach (var (_, source) in sources.ConfigureAwait(false))
        {
            var folder = StoreLayout.AttestationFolder(source.Artifact, source.Version);
            await foreach (var key in store.Objects.ListAsync(folder, cancellationToken).ConfigureAwait(false))
                if (
                    texts.Count < limit
                    && await attestations.ReadAsync(key.Key, cancellationToken).ConfigureAwait(false)
                        is { Record: { } record } stored
                )
                    texts.Add($"{source.Reference}: {TextOf(stored, record)}");
        }
        return texts;
    }

    private static string TextOf(StoredAttestation stored, AttestationRecord record)
    {
        var signature = VersionSignature.Of(stored.Id, record);
        var signer = signature.Subject ?? (signature.KeyId is { } key ? $"key {key.Hex.Substring(0, 16)}" : "a key");
        if (SignatureMatch.IsSignature(record))
            return $"Signed by {signer}{At(signature.SignedAt)} (not verified)";
        try
        {
            var statement = EvidenceStatement.Decode(record.Payload!, record.VersionDigest);
            var evidence = new VersionEvidence(stored.Id!.Value, statement, signature);
            var by = record.Signer is null ? evidence.RecordedBy : $"{signer} (not verified)";
            return $"{evidence.Summary}, recorded by {by}{At(evidence.RecordedAt)}";
        }
        catch (InvalidDataException)
        {
            return "Evidence that can't be read";
        }
    }

    private static string At(DateTimeOffset? time) =>
        time is { } at ? $" at {at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}" : "";
}
