using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsSecurity.Unprotect, "ArtifactAlias", SupportsShouldProcess = true)]
public sealed class UnprotectArtifactAliasCommand : StoreClientCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasRuleCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasRuleCompleter))]
    public string[] Name { get; set; } = ["*"];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string? Store { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var alias in Alias)
        foreach (var name in Name)
            ForItem(alias, () => Unprotect(AliasName.Parse(alias), RulePattern.OfArtifacts(name)));
    }

    private void Unprotect(AliasName alias, TextPattern artifacts)
    {
        var store = OpenStore(Store);
        if (!ShouldProcess($"{alias} of {artifacts}", "Remove rule"))
            return;
        var run = CurrentRun.Id;
        Await(token => new AliasRuleEditor(store).UnprotectAsync(alias, artifacts, run, token));
    }
}
