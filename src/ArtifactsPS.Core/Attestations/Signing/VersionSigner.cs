using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Signs versions. Reads manifests, and no file.</summary>
public static class VersionSigner
{
    /// <summary>Adds a signature to a version.</summary>
    /// <param name="signedAt">Time of signing. Verifiers can't check it.</param>
    /// <returns>The signature.</returns>
    public static async Task<VersionSignature> SignAsync(
        PublishedVersion version,
        SigningKey key,
        DateTimeOffset signedAt,
        CancellationToken cancellationToken
    )
    {
        var claim = ManifestClaim.Of(version, signedAt);
        var statement = await ManifestStatement
            .PrepareAsync(version.Manifest, version.Record, claim, cancellationToken)
            .ConfigureAwait(false);
        var (model, files) = await statement.HashAsync(key.Key.Hash, cancellationToken).ConfigureAwait(false);
        var record = new AttestationRecord
        {
            VersionDigest = version.Record.Digest,
            Claim = claim,
            Signer = key.Signer,
            Signature = key.Sign(model),
            // A statement must have a subject.
            FilesSignature = statement.FileCount > 0 ? key.Sign(files) : null,
        };
        var id = await new AttestationStore(version.Store.Objects)
            .AddAsync(version.Key, version.Record.Number, record, cancellationToken)
            .ConfigureAwait(false);
        return VersionSignature.Of(id, record) with
        {
            Status = SignatureStatus.Valid,
            Message = "The version was signed.",
        };
    }

    /// <summary>Adds a signature that another program has made, as a Sigstore bundle.</summary>
    /// <param name="path">Full path of the bundle.</param>
    /// <returns>The signature, which is not verified: the bundle may name its key by a hint only.</returns>
    /// <exception cref="InvalidBundleException">The file is no bundle, or not that of this version.</exception>
    public static async Task<VersionSignature> AddBundleAsync(
        PublishedVersion version,
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var (payload, signer, signature) = SigstoreBundle.Read(path);
            var files = SignedFiles.Parse(payload);
            if (await files.FindDifferenceAsync(version.Manifest, cancellationToken).ConfigureAwait(false) is { } fault)
                throw new InvalidDataException($"it isn't a signature of '{version.Reference}': {fault}");
            var record = new AttestationRecord
            {
                VersionDigest = version.Record.Digest,
                Payload = payload,
                Signer = signer,
                Signature = signature,
            };
            var id = await new AttestationStore(version.Store.Objects)
                .AddAsync(version.Key, version.Record.Number, record, cancellationToken)
                .ConfigureAwait(false);
            return VersionSignature.Of(id, record) with
            {
                Status = SignatureStatus.NotTrusted,
                Message = "The signature was added. Get-ArtifactSignature verifies it.",
            };
        }
        catch (InvalidDataException e)
        {
            throw new InvalidBundleException(path, e.Message, e);
        }
    }
}

/// <summary>A file is not a Sigstore bundle with a signature of a version.</summary>
public sealed class InvalidBundleException(string path, string fault, Exception? inner = null)
    : ArtifactsException(
        $"The bundle '{path}' can't be added: {fault.TrimEnd('.')}. Use a bundle that was made of the files of this version.",
        path,
        inner
    )
{
    public override string ErrorId => "InvalidBundle";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}
