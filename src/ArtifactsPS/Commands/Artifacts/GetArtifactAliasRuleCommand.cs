using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Get, "ArtifactAliasRule")]
[OutputType(typeof(ArtifactAliasRule))]
public sealed class GetArtifactAliasRuleCommand : StoreCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AliasRuleCompleter))]
    public string[] Alias { get; set; } = ["*"];

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            null,
            () =>
            {
                var store = OpenStore();
                var aliases = NamePattern.AnyOf(Alias)!;
                var applies = Name.Select(name => Condition(store, name)).ToList();
                foreach (var rule in Await(new AliasRuleEditor(store).ReadAsync))
                    if (aliases(rule.Alias) && (applies.Count == 0 || applies.Any(condition => condition(rule))))
                        WriteObject(new ArtifactAliasRule(rule, store.Location));
            }
        );

    // A pattern selects rules by their own patterns.
    private Func<AliasRule, bool> Condition(VersionStore store, string name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
            return rule => NamePattern.Of(name).IsMatch(rule.Artifacts.ToString());
        var state = Await(token => store.OpenCatalog(ArtifactName.Parse(name)).ReadAsync(token));
        // Rules for former names apply, too.
        return rule => state.FormerNames.Append(state.Name).Any(rule.AppliesTo);
    }
}
