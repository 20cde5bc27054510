using System.Management.Automation;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Attestations;

[Cmdlet(VerbsCommon.Get, "ArtifactSignature")]
[OutputType(typeof(ArtifactSignature))]
public sealed class GetArtifactSignatureCommand : TrustingCmdlet
{
    private protected override void Process(PublishedVersion version)
    {
        var verifier = Verifier;
        foreach (var signature in Await(token => verifier.VerifyAsync(version, token)))
            WriteObject(new ArtifactSignature(version, signature));
    }
}
