using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Attestations.Evidence;

/// <summary>Adds evidence to versions, and reads it.</summary>
/// <param name="trust">What the user trusts.</param>
/// <param name="time">Clock by which certificates expire; null for the system's.</param>
public sealed class EvidenceRecorder(TrustPolicy trust, TimeProvider? time = null)
{
    private readonly SignatureVerifier _verifier = new(trust, time);

    /// <summary>Adds a result of tests to a version.</summary>
    /// <param name="key">Key that signs it; null for none.</param>
    /// <param name="recordedAt">Time of recording.</param>
    /// <exception cref="TestResultInvalidException">No test was executed.</exception>
    public async Task<VersionEvidence> AddAsync(
        PublishedVersion version,
        TestResult result,
        SigningKey? key,
        DateTimeOffset recordedAt,
        CancellationToken cancellationToken
    )
    {
        var record = Record(
            version.Name,
            version.Record,
            TestResult.PredicateType,
            result.ToPredicate(),
            key,
            recordedAt
        );
        var id = await new AttestationStore(version.Store.Objects)
            .AddAsync(version.Key, version.Record.Number, record, cancellationToken)
            .ConfigureAwait(false);
        return new VersionEvidence(
            id,
            EvidenceStatement.Decode(record.Payload!, version.Record.Digest),
            key is null
                ? NotSigned
                : VersionSignature.Of(id, record) with
                {
                    Status = SignatureStatus.Valid,
                    Message = "The evidence was signed.",
                }
        );
    }

    /// <summary>Reads the evidence of a version, newest first. Unreadable evidence is left out: <c>Test-ArtifactStore</c> reports
    /// it.</summary>
    public Task<IReadOnlyList<VersionEvidence>> ListAsync(
        PublishedVersion version,
        CancellationToken cancellationToken
    ) => ListAsync(version.Store, version.Key, version.Name, version.Record, cancellationToken);

    /// <inheritdoc cref="ListAsync(PublishedVersion, CancellationToken)"/>
    internal async Task<IReadOnlyList<VersionEvidence>> ListAsync(
        VersionStore store,
        ArtifactKey artifact,
        ArtifactName name,
        VersionRecord version,
        CancellationToken cancellationToken
    )
    {
        var records = await AttestationStore
            .ListAsync(store, artifact, version, cancellationToken)
            .ConfigureAwait(false);
        var found = new List<VersionEvidence>();
        foreach (var stored in records)
        {
            if (stored.Record is not { Payload: { } payload } record || SignatureMatch.IsSignature(record))
                continue;
            if (Decode(payload, version.Digest) is not { } statement)
                continue;
            var signature = record.Signer is null
                ? NotSigned
                : await _verifier.VerifyAsync(store, name, version, stored, cancellationToken).ConfigureAwait(false);
            found.Add(new VersionEvidence(stored.Id!.Value, statement, signature));
        }
        return
        [
            .. found.OrderByDescending(evidence => evidence.RecordedAt).ThenBy(evidence => evidence.Id, Digest.Order),
        ];
    }

    /// <summary>Creates a record of evidence.</summary>
    internal static AttestationRecord Record(
        ArtifactName name,
        VersionRecord version,
        string predicateType,
        JObject predicate,
        SigningKey? key,
        DateTimeOffset recordedAt
    )
    {
        var payload = EvidenceStatement.Encode(name, version, predicateType, predicate, recordedAt);
        return new AttestationRecord
        {
            VersionDigest = version.Digest,
            Payload = payload,
            Signer = key?.Signer,
            Signature = key?.Sign(SignatureMatch.HashOf(payload, key.Key.Hash)),
        };
    }

    private static VersionSignature NotSigned { get; } =
        new() { Status = SignatureStatus.NotSigned, Message = "The evidence has no signature." };

    private static EvidenceStatement? Decode(byte[] payload, Digest digest)
    {
        try
        {
            return EvidenceStatement.Decode(payload, digest);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
