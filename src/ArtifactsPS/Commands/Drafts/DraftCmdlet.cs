using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Drafts;
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
    [DraftArgumentTransformation]
    public Artifact Artifact { get; set; } = null!;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Whether the pipeline input is drafts, rather than content for the draft given as -Artifact.</summary>
    private protected bool DraftsArePiped { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        DraftsArePiped = !MyInvocation.BoundParameters.ContainsKey(nameof(Artifact));

    /// <summary>Runs an addition. A failure becomes a non-terminating error, and the draft remembers it until the addition
    /// succeeds.</summary>
    /// <param name="item">The item given by the user.</param>
    /// <param name="add">Adds the item. Returns false if the user has declined.</param>
    private protected void ForAddition(AdditionSource source, string item, Func<bool> add)
    {
        var failures = Artifact.Draft.Failures;
        var order = failures.Begin(source, item);
        try
        {
            failures.End(source, add() ? order : 0);
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            failures.End(source, order: 0);
            WriteFailedAddition(source, item, e);
        }
    }

    /// <summary>Writes a failed addition as a non-terminating error. The draft remembers it.</summary>
    private protected void WriteFailedAddition(AdditionSource source, string item, Exception exception)
    {
        Artifact.Draft.Failures.Add(source, new ItemFailure(item, exception));
        WriteError(ErrorRecords.From(exception, item));
    }

    /// <summary>Outputs a changed draft if it came from the pipeline or -PassThru is given.</summary>
    private protected void WriteDraft(Artifact draft)
    {
        if (DraftsArePiped || PassThru)
            WriteObject(draft);
    }
}
