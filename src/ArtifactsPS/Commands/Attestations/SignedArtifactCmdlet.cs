using System.Management.Automation;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Commands.Attestations;

/// <summary>Base of cmdlets that can require a signature before they use a version.</summary>
public abstract class SignedArtifactCmdlet : TrustingCmdlet
{
    [Parameter]
    public SwitchParameter RequireSignature { get; set; }

    /// <summary>Whether a signature is required: naming what is trusted requires it too.</summary>
    private protected bool NeedsSignature => RequireSignature || HasTrust;

    /// <summary>Checks that a version has a valid signature, if one is required.</summary>
    /// <exception cref="SignatureInvalidException">It has none.</exception>
    private protected void CheckSignature(PublishedVersion version)
    {
        if (!NeedsSignature)
            return;
        var verifier = Verifier;
        Await(token => verifier.RequireAsync(version, token));
    }
}
