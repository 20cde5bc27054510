using System.Management.Automation;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Runs;

[Cmdlet(VerbsLifecycle.Invoke, "ArtifactRun", SupportsShouldProcess = true)]
[OutputType(typeof(object))]
public sealed class InvokeArtifactRunCommand : RunStartCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    [Parameter]
    [Alias("Args")]
    public object[] ArgumentList { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Name ?? "A run", "Run the block as a run"))
            return;
        ArtifactRun run;
        try
        {
            run = Start();
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            // Terminating, so that following statements don't assume that the block has run.
            ThrowTerminatingError(ErrorRecords.From(e, Name));
            return;
        }
        (RunOutcome outcome, string? message) = (RunOutcome.Failed, "It was stopped.");
        try
        {
            // Streams all output and errors of the block. InvokeScript would lose errors that are redirected to the
            // output.
            using var steps = ScriptBlock
                .Create("param($block, $arguments) & $block @arguments")
                .GetSteppablePipeline(CommandOrigin.Internal, [ScriptBlock, ArgumentList]);
            steps.Begin(this);
            steps.Process();
            steps.End();
            (outcome, message) = (RunOutcome.Succeeded, null);
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            (outcome, message) = OutcomeOf(e);
            throw;
        }
        finally
        {
            Stop(run, outcome, message);
        }
    }

    // Leaving the block with break, continue or exit is no failure.
    private static (RunOutcome Outcome, string? Message) OutcomeOf(Exception exception) =>
        exception switch
        {
            LoopFlowException or ExitException { Argument: null or 0 } => (RunOutcome.Succeeded, null),
            ExitException exit => (RunOutcome.Failed, $"It exited with {exit.Argument}."),
            _ => (RunOutcome.Failed, exception.Message),
        };

    // Recorded even if the pipeline was stopped.
    private void Stop(ArtifactRun run, RunOutcome outcome, string? message)
    {
        CurrentRun.Leave(run.Id);
        var journal = new RunJournal(OpenStore());
        Task.Run(() => journal.StopAsync(run.Id, outcome, message, CancellationToken.None)).GetAwaiter().GetResult();
    }
}
