using System.Management.Automation;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

/// <summary>
/// Base of cmdlets that change a draft. A draft from the pipeline is output again; a draft given as -Artifact is output
/// only with -PassThru.
/// </summary>
public abstract class DraftCmdlet : AsyncPSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Artifact Artifact { get; set; } = null!;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Whether the pipeline input is drafts, rather than content for the draft given as -Artifact.</summary>
    private protected bool DraftsArePiped { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        DraftsArePiped = !MyInvocation.BoundParameters.ContainsKey(nameof(Artifact));

    /// <summary>Outputs a changed draft if it came from the pipeline or -PassThru is given.</summary>
    private protected void WriteDraft(Artifact draft)
    {
        if (DraftsArePiped || PassThru)
            WriteObject(draft);
    }
}
