using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Result of verifying a signature.</summary>
public enum SignatureStatus
{
    /// <summary>The version is what the signer signed, and the signer is trusted.</summary>
    Valid,

    /// <summary>The version has no signature.</summary>
    NotSigned,

    /// <summary>The version isn't what was signed, or the signature was changed.</summary>
    HashMismatch,

    /// <summary>The signer isn't trusted.</summary>
    NotTrusted,

    /// <summary>The certificate of the signer has expired.</summary>
    Expired,

    /// <summary>The signature can't be read.</summary>
    UnknownError,
}

/// <summary>A signature of a version, and what its verification showed.</summary>
public sealed record VersionSignature
{
    public required SignatureStatus Status { get; init; }

    /// <summary>Whether the version is what a trusted signer signed.</summary>
    public bool IsValid => Status == SignatureStatus.Valid;

    /// <summary>Reason for the status, as a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>SHA-256 of the stored signature, by which it is named; null for none.</summary>
    public Digest? Id { get; init; }

    /// <summary>Subject of the signer's certificate; null for a key.</summary>
    public string? Subject { get; init; }

    /// <summary>SHA-1 of the signer's certificate, as PowerShell shows it; null for a key.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>SHA-256 of the signer's public key; null where only a hint of it is known.</summary>
    public Digest? KeyId { get; init; }

    /// <summary>Algorithm of the signer's key, such as <c>ECDSA P-256</c>; null where the key is unknown.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Time of signing, as the signer claims it; null without a claim.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>Reference of the version when it was signed, such as <c>net:v3</c>; null without a claim.</summary>
    public string? SignedAs { get; init; }

    /// <summary>Describes a signature that is not verified yet.</summary>
    internal static VersionSignature Of(Digest? id, AttestationRecord? record)
    {
        var signer = record?.Signer;
        var certificate = signer?.Certificates.Count > 0 ? signer.Certificates[0] : null;
        return new VersionSignature
        {
            Status = SignatureStatus.UnknownError,
            Message = "",
            Id = id,
            Subject = certificate?.Subject,
            Thumbprint = certificate?.Thumbprint,
            KeyId = signer?.Key?.Id,
            Algorithm = signer?.Key?.Algorithm,
            SignedAt = record?.Claim?.SignedAt,
            SignedAs = record?.Claim?.Reference,
        };
    }
}

/// <summary>A version has no signature that meets the requirement.</summary>
public sealed class SignatureInvalidException(string reference, SignatureStatus status, string reason)
    : ArtifactsException(
        $"'{reference}' has no valid signature ({status}): {reason} Nothing was restored, copied or used. "
            + "Get-ArtifactSignature shows its signatures; trust a signer with -TrustedKey, -TrustedCertificate or the trust file.",
        reference
    )
{
    /// <summary>Status of the signature that came nearest.</summary>
    public SignatureStatus Status { get; } = status;

    public override string ErrorId => "SignatureInvalid";

    public override ErrorKind Kind => ErrorKind.PermissionDenied;
}
