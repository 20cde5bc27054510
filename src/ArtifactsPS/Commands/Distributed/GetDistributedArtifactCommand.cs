using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
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
    [NameArgumentTransformation]
    public string[] Name { get; set; } = ["*"];

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DistributedIdCompleter))]
    [NameArgumentTransformation]
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
        var pattern = NamePattern.Of(DistributedId ?? "*");
        var search = new DistributedSearch(OpenStore())
        {
            IsRequested = pattern.IsMatch,
            Id = DistributedId is { } id && !WildcardPattern.ContainsWildcardCharacters(id) ? id : null,
            IncludeCompleted = IncludeCompleted,
        };
        var found = WildcardPattern.ContainsWildcardCharacters(name)
            ? Stream(token => search.ListAsync(NamePattern.Of(name).IsMatch, token))
            : Stream(token => search.FindAsync(ArtifactName.Parse(name), token));
        foreach (var (log, state) in found)
            WriteObject(new DistributedArtifact(log, state));
    }
}
