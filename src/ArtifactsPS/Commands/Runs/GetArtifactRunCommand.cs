using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Runs;

[Cmdlet(VerbsCommon.Get, "ArtifactRun", DefaultParameterSetName = ByName)]
[OutputType(typeof(ArtifactRun))]
public sealed class GetArtifactRunCommand : StoreCmdlet
{
    private const string ByName = "Name";
    private const string ByCurrent = "Current";

    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ByCurrent)]
    public SwitchParameter Current { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByCurrent)
            ForItem(null, WriteCurrent);
        else if (Name.Length == 0)
            ForItem(null, () => Search("*"));
        foreach (var name in Name)
            ForItem(name, () => Find(name));
    }

    private void WriteCurrent()
    {
        var id = CurrentRun.Id ?? throw new NoActiveRunException();
        Store ??= CurrentRun.Store;
        Write(Await(token => new RunJournal(OpenStore()).FindAsync(id, token)) ?? throw NotFound(id));
    }

    private void Find(string name)
    {
        // A run is read by its id without listing all runs.
        if (
            !WildcardPattern.ContainsWildcardCharacters(name)
            && Await(token => new RunJournal(OpenStore()).FindAsync(name, token)) is { } run
        )
            WriteIfInGroup(run);
        else if (!Search(name) && !WildcardPattern.ContainsWildcardCharacters(name))
            throw NotFound(name);
    }

    private bool Search(string text)
    {
        var pattern = NamePattern.Of(text);
        var any = false;
        foreach (var run in Stream(new RunJournal(OpenStore()).ListAsync))
            if (pattern.IsMatch(run.Name) || pattern.IsMatch(run.Id))
            {
                any = true;
                WriteIfInGroup(run);
            }
        return any;
    }

    private void WriteIfInGroup(RunRecord run)
    {
        if (Group.Length == 0 || Group.Any(group => run.Group is { } name && NamePattern.Of(group).IsMatch(name)))
            Write(run);
    }

    private void Write(RunRecord run) => WriteObject(Await(token => RunReader.ReadAsync(OpenStore(), run, token)));

    private ArtifactRunNotFoundException NotFound(string id) => new(id, OpenStore().Location);
}
