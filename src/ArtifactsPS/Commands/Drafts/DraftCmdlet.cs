using System.Management.Automation;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

/// <summary>
/// A command that changes a draft. A draft that comes down the pipeline goes on down the pipeline; one given as
/// -Artifact is written only with -PassThru.
/// </summary>
public abstract class DraftCmdlet : AsyncPSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Artifact Artifact { get; set; } = null!;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Whether each input is a draft, rather than something for the one that was given.</summary>
    private protected bool DraftsArePiped { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        DraftsArePiped = !MyInvocation.BoundParameters.ContainsKey(nameof(Artifact));

    /// <summary>Hands a changed draft on, if it is to be.</summary>
    private protected void WriteDraft(Artifact draft)
    {
        if (DraftsArePiped || PassThru)
            WriteObject(draft);
    }
}
