using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsSecurity.Protect, "ArtifactAlias", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactAliasRule))]
public sealed class ProtectArtifactAliasCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] RequireTag { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] RequireAlias { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateLength(1, 128)]
    public string[] RequireEvidence { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] RequireSignature { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] By { get; set; } = [];

    [Parameter]
    public SwitchParameter NoDelete { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var alias in Alias)
        foreach (var name in Name)
            ForItem(alias, () => Protect(alias, name));
    }

    private void Protect(string alias, string name)
    {
        var rule = AliasRule.Create(AliasName.Parse(alias), RulePattern.OfArtifacts(name)) with
        {
            Tags = [.. RequireTag.Select(TagName.Parse).Distinct()],
            Aliases = [.. RequireAlias.Select(AliasName.Parse).Distinct()],
            Evidence = [.. RequireEvidence.Distinct(StringComparer.OrdinalIgnoreCase)],
            Signers = Signers(),
            Authors = [.. By.Select(RulePattern.Of).Distinct()],
            NoDelete = NoDelete,
        };
        rule.Check();
        var store = OpenStore();
        if (!ShouldProcess($"{alias} of {name}", $"Protect ({rule.Conditions})"))
            return;
        var run = CurrentRun.Id;
        var result = Await(token => new AliasRuleEditor(store).ProtectAsync(rule, run, token));
        if (PassThru)
            WriteObject(new ArtifactAliasRule(result, store.Location));
    }

    // Thumbprints, ids of keys, or files that have keys or certificates.
    private IReadOnlyList<string> Signers()
    {
        var trust = new TrustPolicy();
        foreach (var text in RequireSignature)
            if (!trust.TryAddIdentity(text))
                trust.AddPem(text, File.ReadAllText(FileSystemPath.Resolve(SessionState.Path, text)));
        return [.. trust.Identities.Select(identity => identity.ToLowerInvariant())];
    }
}
