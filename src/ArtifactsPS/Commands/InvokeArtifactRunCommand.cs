using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ArtifactsPS.Runs;

namespace ArtifactsPS.Commands;

/// <summary>
/// Runs a script block as a run, and writes what it writes. The run ends with the block: as failed if the block throws
/// or is stopped, else as succeeded.
/// </summary>
/// <example>
/// <code>
/// Invoke-ArtifactRun -Name train -JobType train {
///     Use-Artifact mnist:prod | Save-Artifact -Destination ./restored
///     New-Artifact resnet model | Add-ArtifactDirectory ./model | Publish-Artifact
/// }
/// </code>
/// Records what the block uses and publishes. If it throws, the run has failed.
/// </example>
/// <example>
/// <code>Invoke-ArtifactRun -Config @{ seed = 42 } -ArgumentList 42 { param($seed) "Seed: $seed" }</code>
/// Records what the run was started with, and gives it to the block.
/// </example>
/// <seealso cref="StartArtifactRunCommand"/>
/// <seealso cref="UseArtifactCommand"/>
/// <seealso cref="GetArtifactRunCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "ArtifactRun")]
[OutputType(typeof(object))]
public sealed class InvokeArtifactRunCommand : RunStartCmdlet
{
    /// <summary>What to do.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Arguments for the block's parameters.</summary>
    [Parameter]
    [Alias("Args")]
    public object[] ArgumentList { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ArtifactRun run;
        try
        {
            run = Start();
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            // The block was not run, so what follows must not think it was.
            ThrowTerminatingError(ErrorRecords.From(e, Name));
            return;
        }
        var (outcome, message) = (RunOutcome.Failed, "It was stopped.");
        try
        {
            // Streams into this command's own pipeline, as a text can and a script block alone can't.
            InvokeCommand.InvokeScript(
                "$block, $arguments = $args; & $block @arguments",
                useNewScope: true,
                PipelineResultTypes.Output | PipelineResultTypes.Error,
                input: null,
                ScriptBlock,
                ArgumentList
            );
            (outcome, message) = (RunOutcome.Succeeded, null!);
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            message = e.Message;
            throw;
        }
        finally
        {
            Stop(run, outcome, message);
        }
    }

    // Not stopped by whatever stopped the block.
    private void Stop(ArtifactRun run, RunOutcome outcome, string? message)
    {
        CurrentRun.Leave(run.Id);
        var journal = new RunJournal(OpenStore());
        Task.Run(() => journal.StopAsync(run.Id, outcome, message, CancellationToken.None)).GetAwaiter().GetResult();
    }
}
