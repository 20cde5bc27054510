using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(VerbsCommon.Remove, "ArtifactEntry", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class RemoveArtifactEntryCommand : DraftCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("LP", "EntryPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in ParameterSetName == ByPath ? Path : LiteralPath)
            ForItem(path, () => Remove(path));
        if (DraftsArePiped)
            WriteDraft(Artifact);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!DraftsArePiped)
            WriteDraft(Artifact);
    }

    private void Remove(string path)
    {
        var selector = ParameterSetName == ByPath ? EntryPatterns.Parse(path) : EntrySelector.FileOrFolder(path);
        if (!ShouldProcess(path, $"Remove from {Artifact.Name}"))
            return;
        var count = Await(token => Artifact.Draft.RemoveAsync(selector, token));
        WriteVerbose($"{count} entries removed from {Artifact.Name} by '{path}'.");
    }
}
