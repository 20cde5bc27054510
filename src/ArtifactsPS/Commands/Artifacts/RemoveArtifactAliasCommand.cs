using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Remove, "ArtifactAlias", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class RemoveArtifactAliasCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var alias in Alias)
            ForItem(Name.Item, () => Remove(AliasName.Parse(alias)));
    }

    private void Remove(AliasName alias)
    {
        var reference = ArtifactReference.Parse(Name.Text);
        var version = Find(reference.IsNameOnly ? Name.WithAlias(alias) : Name);
        if (!ShouldProcess(version.Reference, $"Remove alias {alias}"))
            return;
        var run = CurrentRun.Id;
        var changed = Await(token => VersionEditor.RemoveAliasAsync(version, alias, run, token));
        if (PassThru)
            WriteObject(new ArtifactVersion(changed));
    }
}
