using System.Management.Automation;
using ArtifactsPS.Runs;

namespace ArtifactsPS.Commands;

/// <summary>Ends a run: the current one, or another. Of several ends the first stands.</summary>
/// <example>
/// <code>
/// $run = Start-ArtifactRun -Name clean
/// Stop-ArtifactRun -Message 'Nothing to do.'
/// </code>
/// Ends the current run as succeeded.
/// </example>
/// <example>
/// <code>
/// Get-ArtifactRun -Group nightly-42 | Where-Object Outcome -eq Running | Stop-ArtifactRun -Failed -Message 'The machine went down.'
/// </code>
/// Ends runs whose processes did not live to end them.
/// </example>
/// <seealso cref="StartArtifactRunCommand"/>
/// <seealso cref="GetArtifactRunCommand"/>
[Cmdlet(VerbsLifecycle.Stop, "ArtifactRun", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactRun))]
public sealed class StopArtifactRunCommand : StoreCmdlet
{
    /// <summary>The run's id; the current run's if left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>Records that it failed.</summary>
    [Parameter]
    public SwitchParameter Failed { get; set; }

    /// <summary>Why it failed, or what came of it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Id, Stop);

    private void Stop()
    {
        var id = Id is null ? CurrentRun.Id ?? throw new NoActiveRunException() : RunJournal.CheckId(Id);
        if (!ShouldProcess(id, Failed ? "Stop as failed" : "Stop"))
            return;
        if (Store is null && id == CurrentRun.Id)
            Store = CurrentRun.Store;
        var journal = new RunJournal(OpenStore());
        var outcome = Failed ? RunOutcome.Failed : RunOutcome.Succeeded;
        var run = Await(token => journal.StopAsync(id, outcome, Message, token));
        CurrentRun.Leave(run.Id);
        WriteObject(Await(token => RunReader.ReadAsync(OpenStore(), run, token)));
    }
}
