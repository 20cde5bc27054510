using System.Security.Cryptography;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Comparison of a version, a signature and a key.</summary>
internal static class SignatureMatch
{
    private const string Changed = "the version isn't what was signed, or the signature was changed";

    /// <summary>Finds out whether a version, a signature or signed evidence, and a key belong together.</summary>
    /// <returns>The reason why not, without a full stop; null if they do.</returns>
    public static async Task<string?> FindFaultAsync(
        Manifest manifest,
        VersionRecord version,
        AttestationRecord record,
        VerificationKey key,
        CancellationToken cancellationToken
    )
    {
        if (record.VersionDigest != version.Digest)
            return Changed;
        if (record.Payload is { } payload)
        {
            if (!key.Verify(HashOf(payload, key.Hash), record.Signature!))
                return Changed;
            return IsSignature(record)
                ? await SignedFiles
                    .Parse(payload)
                    .FindDifferenceAsync(manifest, cancellationToken)
                    .ConfigureAwait(false)
                : null;
        }
        if (record.Claim!.Type != version.Type)
            return $"it was signed with the type '{record.Claim.Type}', and the version has the type '{version.Type}'";
        var statement = await ManifestStatement
            .PrepareAsync(manifest, version, record.Claim, cancellationToken)
            .ConfigureAwait(false);
        var (model, files) = await statement.HashAsync(key.Hash, cancellationToken).ConfigureAwait(false);
        var isSigned =
            record.FilesSignature is null == (statement.FileCount == 0)
            && key.Verify(model, record.Signature!)
            && (record.FilesSignature is null || key.Verify(files, record.FilesSignature));
        return isSigned ? null : Changed;
    }

    /// <summary>Whether a record is a signature of files, and not evidence.</summary>
    public static bool IsSignature(AttestationRecord record)
    {
        if (record.Claim is not null)
            return true;
        if (record.Signer is null)
            return false;
        try
        {
            SignedFiles.Parse(record.Payload!);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Hashes the signed bytes of a statement.</summary>
    public static byte[] HashOf(byte[] payload, HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        hash.AppendData(Statement.SignedPrefix(payload.Length));
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }
}
