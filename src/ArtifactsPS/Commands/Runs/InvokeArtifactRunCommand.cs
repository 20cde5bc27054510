using System.Management.Automation;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Runs;

[Cmdlet(VerbsLifecycle.Invoke, "ArtifactRun", SupportsShouldProcess = true)]
[OutputType(typeof(object))]
public sealed class InvokeArtifactRunCommand : RunStartCmdlet
{
    private const string ExitCodeVariable = "global:LASTEXITCODE";

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
        RunId run;
        try
        {
            run = Start().Id;
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            // Terminating, so that following statements don't assume that the block has run.
            ThrowTerminatingError(ErrorRecords.From(e, Name));
            return;
        }
        var ending = new RunEnding(RunOutcome.Failed, "It was stopped.");
        var errors = new RunErrors();
        var exitCode = SessionState.PSVariable.GetValue(ExitCodeVariable);
        try
        {
            SessionState.PSVariable.Set(ExitCodeVariable, null);
            using var reader = ErrorStreamReader.Start(CommandRuntime, error => errors.Add(error.ToString()));
            // Streams all output and errors of the block. InvokeScript would lose errors that are redirected to the
            // output.
            using var steps = ScriptBlock
                .Create("param($block, $arguments) & $block @arguments")
                .GetSteppablePipeline(CommandOrigin.Internal, [ScriptBlock, ArgumentList]);
            steps.Begin(this);
            steps.Process();
            steps.End();
            ending = RunEnding.Success;
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            ending = EndingOf(e);
            throw;
        }
        finally
        {
            // A native command sets the variable, so that null means that none has run.
            var code = SessionState.PSVariable.GetValue(ExitCodeVariable) as int?;
            if (code is null)
                SessionState.PSVariable.Set(ExitCodeVariable, exitCode);
            Stop(run, errors.Complete(ending with { ExitCode = ending.ExitCode ?? code }));
        }
    }

    // Leaving the block with break, continue or exit is no failure.
    private static RunEnding EndingOf(Exception exception) =>
        exception switch
        {
            LoopFlowException => RunEnding.Success,
            ExitException { Argument: null or 0 } => RunEnding.Success with { ExitCode = 0 },
            ExitException exit => new RunEnding(RunOutcome.Failed, $"It exited with {exit.Argument}.")
            {
                ExitCode = exit.Argument as int?,
            },
            _ => new RunEnding(RunOutcome.Failed, exception.Message) { Errors = [exception.Message] },
        };

    // Recorded even if the pipeline was stopped.
    private void Stop(RunId run, RunEnding ending)
    {
        CurrentRun.Leave(run);
        var journal = new RunJournal(OpenStore());
        Task.Run(() => journal.StopAsync(run, ending, CancellationToken.None)).GetAwaiter().GetResult();
    }
}
