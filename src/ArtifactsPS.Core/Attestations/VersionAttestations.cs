using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations;

/// <summary>Signatures and evidence of the versions of a store.</summary>
/// <param name="time">Clock by which certificates expire; null for the system's.</param>
public sealed class VersionAttestations(VersionStore store, TimeProvider? time = null) : IVersionAttestations
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public async Task<bool> IsSignedByAsync(
        ArtifactKey artifact,
        VersionRecord version,
        string signer,
        CancellationToken cancellationToken
    )
    {
        var trust = new TrustPolicy();
        if (!trust.TryAddIdentity(signer))
            return false;
        var records = await AttestationStore
            .ListAsync(store, artifact, version, cancellationToken)
            .ConfigureAwait(false);
        foreach (var stored in records)
            if (
                stored.Record is { Signer: { Key: { } key } by } record
                && SignatureMatch.IsSignature(record)
                && trust.Judge(by, _time.GetUtcNow()).Status == SignatureStatus.Valid
                && await SignatureMatch
                    .FindFaultAsync(store.OpenManifest(version), version, record, key, cancellationToken)
                    .ConfigureAwait(false)
                    is null
            )
                return true;
        return false;
    }

    /// <inheritdoc/>
    public async Task<bool> HasPassedAsync(
        ArtifactKey artifact,
        VersionRecord version,
        string type,
        CancellationToken cancellationToken
    )
    {
        var recorder = new EvidenceRecorder(new TrustPolicy(), _time);
        var evidence = await recorder
            .ListAsync(store, artifact, artifact.FirstName, version, cancellationToken)
            .ConfigureAwait(false);
        return evidence.FirstOrDefault(item => item.IsOfType(type)) is { } newest && newest.Passed != false;
    }
}
