using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(
    VerbsCommon.Remove,
    "ArtifactEntry",
    DefaultParameterSetName = PathParameter.Path,
    SupportsShouldProcess = true
)]
[OutputType(typeof(Artifact))]
public sealed class RemoveArtifactEntryCommand : DraftCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathParameter.Path)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathParameter.LiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("LP", "EntryPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var selector in EntryPatterns.FilesAndFolders(Path, LiteralPath))
            ForItem(selector.Text, () => Remove(selector));
        if (DraftsArePiped)
            WriteDraft(Artifact);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!DraftsArePiped)
            WriteDraft(Artifact);
    }

    private void Remove(EntrySelector selector)
    {
        if (!ShouldProcess(selector.Text, $"Remove from {Artifact.Name}"))
            return;
        var count = Await(token => Artifact.Draft.RemoveAsync(selector, token));
        WriteVerbose($"{count} entries removed from {Artifact.Name} by '{selector.Text}'.");
    }
}
