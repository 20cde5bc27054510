using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Output;

/// <summary>A signature of a version and the result of its verification.</summary>
public sealed class ArtifactSignature
{
    internal ArtifactSignature(PublishedVersion version, VersionSignature signature)
    {
        Artifact = version.Reference;
        Digest = version.Record.Digest.ToString();
        Status = signature.Status;
        StatusMessage = signature.Message;
        Subject = signature.Subject;
        Thumbprint = signature.Thumbprint;
        KeyId = signature.KeyId?.Hex;
        Algorithm = signature.Algorithm;
        SignedAt = signature.SignedAt?.LocalDateTime;
        SignedAs = signature.SignedAs;
        Id = signature.Id?.Hex;
        Store = version.Store.Location;
    }

    /// <summary>The version, <c>mnist:v3</c>.</summary>
    public string Artifact { get; }

    public SignatureStatus Status { get; }

    /// <summary>Reason for the status.</summary>
    public string StatusMessage { get; }

    /// <summary>Name of the signer, for people: the certificate's subject, else the start of the key's id.</summary>
    public string? Signer => Subject ?? (KeyId is { } id ? $"key {id.Substring(0, 16)}" : null);

    /// <summary>Subject of the signer's certificate; null for a key.</summary>
    public string? Subject { get; }

    /// <summary>SHA-1 of the signer's certificate; null for a key.</summary>
    public string? Thumbprint { get; }

    /// <summary>SHA-256 of the signer's public key (SubjectPublicKeyInfo).</summary>
    public string? KeyId { get; }

    public string? Algorithm { get; }

    /// <summary>Local time, as the signer claims it.</summary>
    public DateTime? SignedAt { get; }

    /// <summary>Reference of the version when it was signed.</summary>
    public string? SignedAs { get; }

    /// <summary>Digest of the version.</summary>
    public string Digest { get; }

    /// <summary>SHA-256 of the stored signature, which names it.</summary>
    public string? Id { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("signature", Id ?? Artifact);

    /// <inheritdoc/>
    public override string ToString() => $"{Artifact}: {Status}";
}
