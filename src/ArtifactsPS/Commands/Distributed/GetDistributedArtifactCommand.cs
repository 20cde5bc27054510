using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Distributed;

[Cmdlet(VerbsCommon.Get, "DistributedArtifact")]
[OutputType(typeof(DistributedArtifact))]
public sealed class GetDistributedArtifactCommand : StoreCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public string[] Name { get; set; } = ["*"];

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DistributedIdCompleter))]
    public string? DistributedId { get; set; }

    [Parameter]
    public SwitchParameter IncludeCompleted { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            ForItem(name, () => Search(name));
    }

    private void Search(string name)
    {
        var store = OpenStore();
        var isExact = !WildcardPattern.ContainsWildcardCharacters(name);
        var found = isExact
            ? ListIds(store, ArtifactName.Parse(name))
            : Stream(token => DistributedLog.ListAsync(store, NamePattern.Of(name).IsMatch, token));
        var pattern = NamePattern.Of(DistributedId ?? "*");
        var any = false;
        foreach (var (artifact, ids) in found)
        foreach (var id in ids.Where(id => pattern.IsMatch(id.ToString())))
            any |= Write(artifact, id);
        if (!any && isExact && DistributedId is { } missing && !WildcardPattern.ContainsWildcardCharacters(missing))
            throw new DistributedArtifactNotFoundException(ArtifactName.Parse(name), missing, store.Location);
    }

    private IEnumerable<(ArtifactName Name, IReadOnlyList<Core.Values.DistributedId> Ids)> ListIds(
        VersionStore store,
        ArtifactName name
    ) => [(name, Await(token => DistributedLog.ListIdsAsync(store, name, token)))];

    private bool Write(ArtifactName artifact, Core.Values.DistributedId id)
    {
        var log = new DistributedLog(OpenStore(), artifact, id);
        var state = Await(log.ReadAsync);
        // An artifact requested by its id is output even if it is completed.
        var isRequested =
            IncludeCompleted || string.Equals(id.ToString(), DistributedId, StringComparison.OrdinalIgnoreCase);
        if (!state.Exists || state.Status == DistributedStatus.Completed && !isRequested)
            return false;
        WriteObject(new DistributedArtifact(log, state));
        return true;
    }
}
