using System.Management.Automation;
using System.Security.Cryptography.X509Certificates;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Artifacts;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Commands.Attestations;

/// <summary>Base of cmdlets that verify signatures of versions.</summary>
public abstract class TrustingCmdlet : ArtifactCmdlet
{
    private TrustPolicy? _trust;

    /// <summary>Certificates of signers or authorities that are trusted, instead of the user's trust file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public X509Certificate2[] TrustedCertificate { get; set; } = [];

    /// <summary>PEM files with public keys or certificates, ids of keys, and thumbprints that are trusted, instead of the user's
    /// trust file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] TrustedKey { get; set; } = [];

    /// <summary>Whether the command names what is trusted.</summary>
    private protected bool HasTrust => TrustedCertificate.Length > 0 || TrustedKey.Length > 0;

    /// <summary>What the parameters trust; without them, what the user's trust file has.</summary>
    /// <exception cref="TrustedKeyInvalidException">A file has no key or certificate.</exception>
    private protected TrustPolicy Trust => _trust ??= ReadTrust();

    /// <inheritdoc cref="Trust"/>
    private protected SignatureVerifier Verifier => new(Trust);

    private TrustPolicy ReadTrust()
    {
        if (!HasTrust)
            return TrustPolicy.ReadFile(StoreRegistry.UserFolder);
        var trust = new TrustPolicy();
        foreach (var certificate in TrustedCertificate)
            trust.Add(certificate);
        foreach (var text in TrustedKey)
            if (!trust.TryAddIdentity(text))
            {
                var path = FileSystemPath.Resolve(SessionState.Path, text);
                trust.AddPem(text, File.ReadAllText(path));
            }
        return trust;
    }
}
