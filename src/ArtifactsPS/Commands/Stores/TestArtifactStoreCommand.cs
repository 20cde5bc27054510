using System.Management.Automation;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Stores;

[Cmdlet(VerbsDiagnostic.Test, "ArtifactStore")]
[OutputType(typeof(StoreProblem))]
[OutputType(typeof(bool))]
public sealed class TestArtifactStoreCommand : StoreCheckCmdlet
{
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void Process(IObjectStore store)
    {
        var isIntact = true;
        var checker = Check(
            store,
            problem =>
            {
                isIntact = false;
                if (!Quiet)
                    WriteObject(problem);
            }
        );
        WriteVerbose(
            $"{checker.UnneededObjects} objects, {ByteSize.Format(checker.UnneededBytes)}, are needed by nothing."
        );
        if (checker.LinkedElsewhere > 0)
            WriteVerbose(
                $"Versions that are links to other stores: {checker.LinkedElsewhere}. Their content is not checked here: "
                    + "Test-Artifact checks it."
            );
        if (Quiet)
            WriteObject(isIntact);
    }
}
