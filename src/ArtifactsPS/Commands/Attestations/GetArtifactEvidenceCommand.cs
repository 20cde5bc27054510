using System.Management.Automation;
using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Attestations;

[Cmdlet(VerbsCommon.Get, "ArtifactEvidence")]
[OutputType(typeof(ArtifactEvidence))]
public sealed class GetArtifactEvidenceCommand : TrustingCmdlet
{
    [Parameter]
    [ValidateNotNullOrEmpty]
    public EvidenceType[] Type { get; set; } = [];

    [Parameter]
    public SwitchParameter Passed { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var recorder = new EvidenceRecorder(Trust);
        foreach (var evidence in Await(token => recorder.ListAsync(version, token)))
            if ((Type.Length == 0 || Type.Contains(evidence.Type)) && (!Passed || evidence.Passed == true))
                WriteObject(new ArtifactEvidence(version, evidence));
    }
}
