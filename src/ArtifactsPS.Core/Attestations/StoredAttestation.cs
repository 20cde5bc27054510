using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations;

/// <summary>Stored signature or evidence of a version.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Id">Digest of the body, which names the key; null for an invalid name.</param>
/// <param name="Record">The record; null if it is damaged.</param>
/// <param name="Fault">Reason why it can't be read, without a full stop; null if it can.</param>
internal sealed record StoredAttestation(string Key, Digest? Id, AttestationRecord? Record, string? Fault);
