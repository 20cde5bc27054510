using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Verifies the signatures of versions.</summary>
/// <param name="trust">What the user trusts.</param>
/// <param name="time">Clock by which certificates expire; null for the system's.</param>
public sealed class SignatureVerifier(TrustPolicy trust, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Verifies all signatures of a version, without reading its files.</summary>
    /// <returns>One result for each signature, those by trusted signers first; one with <see cref="SignatureStatus.NotSigned"/>
    /// where there is none.</returns>
    public async Task<IReadOnlyList<VersionSignature>> VerifyAsync(
        PublishedVersion version,
        CancellationToken cancellationToken
    )
    {
        var records = await AttestationStore.ListAsync(version, cancellationToken).ConfigureAwait(false);
        var results = new List<VersionSignature>();
        foreach (var stored in records)
            if (stored.Record is null || SignatureMatch.IsSignature(stored.Record))
                results.Add(
                    await VerifyAsync(version.Store, version.Name, version.Record, stored, cancellationToken)
                        .ConfigureAwait(false)
                );
        return results.Count > 0
            ? [.. results.OrderBy(result => result.Status)]
            : [new() { Status = SignatureStatus.NotSigned, Message = $"'{version.Reference}' has no signature." }];
    }

    /// <summary>Requires a valid signature by a trusted signer.</summary>
    /// <exception cref="SignatureInvalidException">The version has none.</exception>
    public async Task RequireAsync(PublishedVersion version, CancellationToken cancellationToken)
    {
        var best = (await VerifyAsync(version, cancellationToken).ConfigureAwait(false))[0];
        if (best.Status != SignatureStatus.Valid)
            throw new SignatureInvalidException(version.Reference, best.Status, best.Message);
    }

    /// <summary>Writes a signature as a Sigstore bundle that other programs can verify.</summary>
    /// <param name="id">Id of the signature; null for the first valid one, or the first.</param>
    /// <param name="files">Whether to write the statement whose subjects are the files, instead of that of OpenSSF Model
    /// Signing 1.0.</param>
    /// <param name="path">Full path of the bundle.</param>
    /// <param name="replaces">Whether an existing file is replaced.</param>
    /// <returns>False if the file exists, and is not to be replaced.</returns>
    /// <exception cref="SignatureNotFoundException">The version has no such signature.</exception>
    public async Task<bool> TryExportAsync(
        PublishedVersion version,
        string? id,
        bool files,
        string path,
        bool replaces,
        CancellationToken cancellationToken
    )
    {
        var chosen = id ?? (await VerifyAsync(version, cancellationToken).ConfigureAwait(false))[0].Id?.Hex;
        var records = await AttestationStore.ListAsync(version, cancellationToken).ConfigureAwait(false);
        var record = records
            .FirstOrDefault(stored =>
                chosen is not null && string.Equals(stored.Id?.Hex, chosen, StringComparison.OrdinalIgnoreCase)
            )
            ?.Record;
        var signature = files && record?.Payload is null ? record?.FilesSignature : record?.Signature;
        if (record?.Signer is not { } signer || signature is null)
            throw new SignatureNotFoundException(version.Reference, id);
        // Programs that verify single files, such as cosign, accept a key that their user gives, and no certificates.
        var described = files && signer.Key is { } key ? Signer.Of(key) : signer;
        return await FileReplacement
            .TryWriteAsync(
                path,
                replaces,
                target => SigstoreBundle.WriteAsync(target, described, signature, WriteStatementAsync)
            )
            .ConfigureAwait(false);

        async Task WriteStatementAsync(Stream target)
        {
            if (record.Payload is { } payload)
            {
                await target.WriteAsync(payload, 0, payload.Length, cancellationToken).ConfigureAwait(false);
                return;
            }
            var statement = await ManifestStatement
                .PrepareAsync(version.Manifest, version.Record, record.Claim!, cancellationToken)
                .ConfigureAwait(false);
            await statement
                .WriteAsync(files ? statement.Files : statement.Model, target, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Verifies one stored signature.</summary>
    internal async Task<VersionSignature> VerifyAsync(
        VersionStore store,
        ArtifactName name,
        VersionRecord version,
        StoredAttestation stored,
        CancellationToken cancellationToken
    )
    {
        var result = VersionSignature.Of(stored.Id, stored.Record);
        if (stored.Record is not { } record)
            return result with
            {
                Status = SignatureStatus.UnknownError,
                Message = $"The signature can't be read: {stored.Fault}.",
            };
        var signer = record.Signer!;
        var key = signer.Key ?? trust.FindKey(signer.Hint);
        if (key is null)
            return result with
            {
                Status = SignatureStatus.NotTrusted,
                Message = $"The signature names its key only by the hint '{signer.Hint}', and no trusted key has it.",
            };
        var fault = await SignatureMatch
            .FindFaultAsync(store.OpenManifest(version), version, record, key, cancellationToken)
            .ConfigureAwait(false);
        if (fault is not null)
            return result with
            {
                Status = SignatureStatus.HashMismatch,
                Message = $"The signature doesn't match '{ArtifactReference.To(name, version.Number)}': {fault}.",
            };
        var (status, message) = trust.Judge(signer, _time.GetUtcNow());
        return result with { Status = status, Message = message, KeyId = key.Id, Algorithm = key.Algorithm };
    }
}

/// <summary>A version has no signature, or not the given one.</summary>
public sealed class SignatureNotFoundException(string reference, string? id)
    : ArtifactsException(
        id is not null
            ? $"'{reference}' has no signature '{id}' of this kind. Get-ArtifactSignature lists its signatures."
            : $"'{reference}' has no signature. Set-ArtifactSignature signs it.",
        reference
    )
{
    public override string ErrorId => "SignatureNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}
