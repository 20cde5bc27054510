using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Signatures and evidence of versions, as rules ask for them. Both are only ever added, so an answer of true stays true
/// while the version is live and the certificate is valid.</summary>
public interface IVersionAttestations
{
    /// <summary>Whether a version has a valid signature by a signer.</summary>
    /// <param name="artifact">Key of the artifact.</param>
    /// <param name="version">The live version.</param>
    /// <param name="signer">Thumbprint of a certificate (SHA-1 or SHA-256), or id of a key (SHA-256 of its
    /// SubjectPublicKeyInfo), in hex digits.</param>
    Task<bool> IsSignedByAsync(
        ArtifactKey artifact,
        VersionRecord version,
        string signer,
        CancellationToken cancellationToken
    );

    /// <summary>Whether the newest evidence of a type says that a version has passed.</summary>
    /// <param name="artifact">Key of the artifact.</param>
    /// <param name="version">The live version.</param>
    /// <param name="type">Type of the evidence, such as <c>Test</c>.</param>
    Task<bool> HasPassedAsync(
        ArtifactKey artifact,
        VersionRecord version,
        string type,
        CancellationToken cancellationToken
    );
}
