using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Runs;

[Cmdlet(VerbsLifecycle.Stop, "ArtifactRun", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactRun))]
public sealed class StopArtifactRunCommand : StoreCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunCompleter))]
    [NameArgumentTransformation]
    public string? Id { get; set; }

    [Parameter]
    public SwitchParameter Failed { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Id, Stop);

    private void Stop()
    {
        var id = Id is null ? CurrentRun.Id ?? throw new NoActiveRunException() : RunId.Parse(Id);
        if (!ShouldProcess(id.ToString(), Failed ? "Stop as failed" : "Stop"))
            return;
        if (Store is null && id == CurrentRun.Id)
            Store = CurrentRun.Store;
        var journal = new RunJournal(OpenStore());
        var ending = new RunEnding(Failed ? RunOutcome.Failed : RunOutcome.Succeeded, Message);
        var run = Await(token => journal.StopAsync(id, ending, token));
        CurrentRun.Leave(run.Id);
        WriteObject(Await(token => RunReader.ReadAsync(OpenStore(), run, token)));
    }
}
