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
    [ArgumentCompleter(typeof(RunCompleter))]
    [NameArgumentTransformation]
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
            ForItem(null, () => Find("*"));
        foreach (var name in Name)
            ForItem(name, () => Find(name));
    }

    private void WriteCurrent()
    {
        var id = CurrentRun.Id ?? throw new NoActiveRunException();
        Store ??= CurrentRun.Store;
        Write(
            Await(token => new RunJournal(OpenStore()).FindAsync(id, token))
                ?? throw new ArtifactRunNotFoundException(id.ToString(), OpenStore().Location)
        );
    }

    private void Find(string name)
    {
        var pattern = NamePattern.Of(name);
        var search = new RunSearch(OpenStore(), IsInGroup());
        var runs = WildcardPattern.ContainsWildcardCharacters(name)
            ? Stream(token => search.ListAsync(pattern.IsMatch, token))
            : Stream(token => search.FindAsync(name, pattern.IsMatch, token));
        foreach (var run in runs)
            Write(run);
    }

    private Func<string, bool>? IsInGroup()
    {
        if (Group.Length == 0)
            return null;
        var groups = Group.Select(NamePattern.Of).ToList();
        return name => groups.Exists(group => group.IsMatch(name));
    }

    private void Write(RunRecord run) => WriteObject(Await(token => RunReader.ReadAsync(OpenStore(), run, token)));
}
