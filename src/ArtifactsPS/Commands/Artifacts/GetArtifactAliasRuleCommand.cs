using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
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
                foreach (var rule in Await(new AliasRuleEditor(store).ReadAsync))
                    if (aliases(rule.Alias) && (Name.Length == 0 || Name.Any(name => AppliesTo(rule, name))))
                        WriteObject(new ArtifactAliasRule(rule, store.Location));
            }
        );

    // A pattern selects rules by their own patterns.
    private static bool AppliesTo(AliasRule rule, string name) =>
        WildcardPattern.ContainsWildcardCharacters(name)
            ? NamePattern.Of(name).IsMatch(rule.Artifacts.ToString())
            : rule.AppliesTo(ArtifactName.Parse(name));
}
