using System.Management.Automation;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Set, "ArtifactAlias", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class SetArtifactAliasCommand : ArtifactCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        List<AliasName> aliases = [.. Alias.Select(AliasName.Parse)];
        if (!ShouldProcess(version.Reference, $"Set alias {string.Join(", ", aliases)}"))
            return;
        var run = CurrentRun.Id;
        var changed = Await(token => VersionEditor.SetAliasesAsync(version, aliases, run, token));
        if (PassThru)
            WriteObject(new ArtifactVersion(changed));
    }
}
